using System.Text;
using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>Renders a conversation so that the template's own text and the messages' text stay apart.</summary>
/// <remarks>
/// llama.cpp gets the roles and, in place of each content, a marker that no template contains. What surrounds the
/// markers in its answer is the template's text; the contents never pass through native code here. Form feeds around a
/// marker show whether the template trims the content.
/// </remarks>
internal static class ChatTemplate
{
    private const char Open = '\u0001';
    private const char Close = '\u0002';
    private const char Probe = '\f';
    private const int MaxRoleLength = 32;

    // What C's isspace accepts, which is what llama.cpp's templates trim.
    private const string Trimmed = " \t\n\v\f\r";

    /// <exception cref="ChatTemplateException">The template is unknown, or drops or repeats a message.</exception>
    /// <exception cref="InvalidParameterException">No messages, or a role that is not a plain word.</exception>
    public static List<PromptPiece> Render(string template, IReadOnlyList<ChatMessage> messages)
    {
        Check(messages);
        return Split(Apply(template, messages), messages);
    }

    private static void Check(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count == 0)
        {
            throw new InvalidParameterException(nameof(messages), "empty", "a list of at least one message");
        }

        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i]?.Role;
            if (role is not { Length: > 0 and <= MaxRoleLength }
                || !role.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            {
                throw new InvalidParameterException(
                    $"messages[{i}].{nameof(ChatMessage.Role)}",
                    role,
                    $"1 to {MaxRoleLength} letters, digits, '_' or '-'");
            }

            if (messages[i].Content is null)
            {
                throw new InvalidParameterException($"messages[{i}].{nameof(ChatMessage.Content)}", null, "a text");
            }
        }
    }

    private static unsafe string Apply(string template, IReadOnlyList<ChatMessage> messages)
    {
        // One block of zero-terminated strings: template, then role and marker of each message.
        var text = new StringBuilder(template).Append('\0');
        foreach (var (i, message) in messages.Index())
        {
            text.Append($"{message.Role}\0{Probe}{Open}{i}{Close}{Probe}\0");
        }

        var block = Encoding.UTF8.GetBytes(text.ToString());
        var chat = new NativeChatMessage[messages.Count];
        fixed (byte* start = block)
        {
            var next = Skip(start);
            for (var i = 0; i < chat.Length; i++)
            {
                chat[i].Role = next;
                chat[i].Content = next = Skip(next);
                next = Skip(next);
            }

            fixed (NativeChatMessage* all = chat)
            {
                var length = NativeMethods.ApplyTemplate(start, all, (nuint)chat.Length, 1, null, 0);
                if (length < 0)
                {
                    throw new ChatTemplateException(
                        "llama.cpp does not know the model's chat template; render the prompt and send tokens.");
                }

                var rendered = new byte[length + 1];
                fixed (byte* buffer = rendered)
                {
                    length = NativeMethods.ApplyTemplate(start, all, (nuint)chat.Length, 1, buffer, rendered.Length);
                }

                return Encoding.UTF8.GetString(rendered, 0, length);
            }
        }
    }

    private static unsafe byte* Skip(byte* text)
    {
        while (*text++ != 0)
        {
        }

        return text;
    }

    private static List<PromptPiece> Split(string rendered, IReadOnlyList<ChatMessage> messages)
    {
        var pieces = new List<PromptPiece>();
        var seen = new bool[messages.Count];
        var rest = rendered.AsSpan();
        for (var open = rest.IndexOf(Open); open >= 0; open = rest.IndexOf(Open))
        {
            var close = rest.IndexOf(Close);
            var message = int.Parse(rest[(open + 1)..close], System.Globalization.CultureInfo.InvariantCulture);
            if (seen[message])
            {
                throw new ChatTemplateException($"The model's chat template repeats messages[{message}].");
            }

            seen[message] = true;
            var content = messages[message].Content;
            var before = rest[..open];
            if (before.EndsWith(Probe))
            {
                before = before[..^1];
            }
            else
            {
                content = content.TrimStart(Trimmed.ToCharArray());
            }

            rest = rest[(close + 1)..];
            if (rest.StartsWith(Probe))
            {
                rest = rest[1..];
            }
            else
            {
                content = content.TrimEnd(Trimmed.ToCharArray());
            }

            pieces.Add(new PromptPiece(before.ToString(), FromTemplate: true));
            pieces.Add(new PromptPiece(content, FromTemplate: false));
        }

        if (seen.AsSpan().IndexOf(false) is >= 0 and var dropped)
        {
            throw new ChatTemplateException(
                $"The model's chat template has no place for messages[{dropped}], role '{messages[dropped].Role}'.");
        }

        pieces.Add(new PromptPiece(rest.ToString(), FromTemplate: true));
        return pieces;
    }
}

/// <summary>
/// A part of a prompt: the template's text, where control tokens mean what they say, or a message's text.
/// </summary>
internal readonly record struct PromptPiece(string Text, bool FromTemplate);
