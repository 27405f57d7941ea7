using System.Text;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Tests.Rpc;

public sealed class RpcCodecTests
{
    private static readonly RpcCall[] Two = [new("first", "0x1", null, true), new("second")];

    [Fact]
    public void Write_TwoCalls_IsABatch()
    {
        Assert.Equal(
            """[{"jsonrpc":"2.0","id":7,"method":"first","params":["0x1",null,true]},{"jsonrpc":"2.0","id":8,"method":"second","params":[]}]""",
            Encoding.UTF8.GetString(RpcCodec.Write(Two, 7).Span));
    }

    [Fact]
    public void Read_RepliesInAnotherOrder_AreMatchedById()
    {
        var replies = Read(
            """[{"jsonrpc":"2.0","id":8,"result":"b"},{"jsonrpc":"2.0","id":7,"error":{"code":3,"message":"no","data":"0x01"}}]""", Two);

        Assert.Equal("first", replies[0].Error!.Method);
        Assert.Equal("0x01", replies[0].Error!.RawData);
        Assert.Equal("b", replies[1].Result.GetString());
    }

    [Fact]
    public void Read_OneErrorForABatch_IsTheErrorOfEach()
    {
        var replies = Read("""{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}""", Two);

        Assert.All(replies, static reply => Assert.Equal(-32600, reply.Error!.Code));
    }

    [Fact]
    public void Read_ErrorMessage_IsCutAndPrintable()
    {
        var message = new string('x', 400);
        var replies = Read($$$"""{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"\u001b[31m\n{{{message}}}"}}""", [Two[0]]);

        Assert.Equal("?[31m?" + new string('x', 294), replies[0].Error!.NodeMessage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1} x")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"result\":2}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7}")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":7,\"result\":1}")]
    [InlineData("{\"id\":7,\"result\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"result\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":6,\"result\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7.5,\"result\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":\"no\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":\"1\",\"message\":\"\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":1}}")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}]")]
    public void Read_AnswerThatIsNotOne_IsRefused(string answer)
    {
        Assert.Throws<RpcMalformedException>(() => Read(answer, [Two[0]]));
    }

    [Theory]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}]")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1},{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}]")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1},{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":1}]")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1},null]")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}")]
    public void Read_BatchThatIsNotComplete_IsRefused(string answer)
    {
        Assert.Throws<RpcMalformedException>(() => Read(answer, Two));
    }

    [Fact]
    public void Read_DeepNesting_IsRefused()
    {
        var nested = new string('[', 1000) + new string(']', 1000);

        Assert.Throws<RpcMalformedException>(() => Read($$"""{"jsonrpc":"2.0","id":7,"result":{{nested}}}""", [Two[0]]));
    }

    private static RpcReply[] Read(string answer, RpcCall[] calls)
    {
        return RpcCodec.Read(Encoding.UTF8.GetBytes(answer), calls, 7, "http://node");
    }
}
