using System.Text.Json.Nodes;
using BTTInferGrid.Chain.SignIn;
using BTTInferGrid.Chain.Tests.Randomness;
using BTTInferGrid.Chain.Tests.SignIn;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Peers;

/// <summary>
/// siwe-parser reads messages with a parser made from the grammar; of messages with a statement or none it takes those
/// that we take.
/// </summary>
public sealed class SiweParserTests(ITestOutputHelper output)
{
    [Fact]
    public async Task SignIns_RightAndChanged_AreTakenAlike()
    {
        var random = new RandomSignIn(new TestRandom(output));
        string[] texts =
        [
            .. Enumerable.Range(0, 1000).Select(_ => random.Right()),
            .. Enumerable.Range(0, 3000).Select(_ => random.Changed()),
        ];

        var answers = await JavaScriptPeer.AskAsync([.. texts.Select(static text => new JsonObject
        {
            ["operation"] = "signIn", ["text"] = text,
        })]);

        var taken = 0;
        foreach (var (text, answer) in texts.Zip(answers))
        {
            // It takes an empty statement as well, which the grammar has not.
            var message = Read(text);
            var isRight = (bool)answer["isRight"]! && (string?)answer["statement"] != "";
            Assert.True((message is not null) == isRight, $"We {(isRight ? "refuse" : "take")}: {text}");
            if (message is not null)
            {
                taken++;
                Assert.Equal((string?)answer["domain"], message.Domain);
                Assert.Equal((string?)answer["nonce"], message.Nonce);
                Assert.Equal((string?)answer["statement"], message.Statement);
            }
        }

        output.WriteLine($"{taken} of {texts.Length} were taken");
    }

    private static SignInMessage? Read(string text)
    {
        try
        {
            return SignInMessage.Parse(text);
        }
        catch (SignInException)
        {
            return null;
        }
    }
}
