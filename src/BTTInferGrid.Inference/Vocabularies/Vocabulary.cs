using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>The tokens of a model: text to tokens, tokens to bytes, conversations to prompts. Thread safe.</summary>
public sealed class Vocabulary : IDisposable
{
    private readonly ModelHandle _model;
    private readonly int _startToken;

    internal Vocabulary(ModelHandle model)
    {
        _model = model;
        using var use = new HandleUse(model);
        var vocabulary = NativeMethods.ModelVocabulary(use.Pointer);
        Table = TokenTable.Read(vocabulary);
        TrainedContext = ReadTrainedContext(use.Pointer);
        ChatTemplate = ReadChatTemplate(use.Pointer);
        _startToken = NativeMethods.AddsStartToken(vocabulary) != 0 ? NativeMethods.StartToken(vocabulary) : -1;
    }

    /// <summary>Number of tokens; token ids run from 0 to one less.</summary>
    public int Size => Table.Size;

    /// <summary>Longest sequence the model was trained for, in tokens.</summary>
    public int TrainedContext { get; }

    /// <summary>The chat template in the model file; null when there is none.</summary>
    public string? ChatTemplate { get; }

    internal TokenTable Table { get; }

    /// <summary>Loads the vocabulary of a model file without its weights.</summary>
    /// <exception cref="ModelFileException">The file is missing, damaged, or of an unknown kind.</exception>
    public static Vocabulary Load(LlamaLibrary library, string path)
    {
        ArgumentNullException.ThrowIfNull(library);
        return new Vocabulary(ModelHandle.Load(path, vocabularyOnly: true));
    }

    /// <summary>Turns text into tokens.</summary>
    /// <param name="text">Any text; unpaired surrogates become U+FFFD.</param>
    /// <param name="parseSpecial">
    /// True reads the text of a control token as that token, so it is for text the caller wrote. False, for text of
    /// others, never yields a control token.
    /// </param>
    /// <param name="addStart">Put the start token in front, when the model asks for one.</param>
    public int[] Encode(string text, bool parseSpecial, bool addStart = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>();
        if (addStart && _startToken >= 0)
        {
            tokens.Add(_startToken);
        }

        Append(text, parseSpecial, tokens);
        return [.. tokens];
    }

    /// <summary>The bytes a token stands for: none for a control token, possibly a part of a character.</summary>
    /// <exception cref="InvalidParameterException">There is no such token.</exception>
    public ReadOnlySpan<byte> Decode(int token) => Table.Bytes(Checked(token));

    /// <summary>Whether a model that chooses this token has finished its answer.</summary>
    /// <exception cref="InvalidParameterException">There is no such token.</exception>
    public bool IsEndOfGeneration(int token) => Table.EndsGeneration(Checked(token));

    /// <summary>The conversation as the model's template writes it, ending where the assistant's answer begins.</summary>
    /// <exception cref="ChatTemplateException">No template, an unknown one, or one without a place for a message.</exception>
    /// <exception cref="InvalidParameterException">No messages, or a role that is not a plain word.</exception>
    public string RenderChat(IReadOnlyList<ChatMessage> messages) =>
        string.Concat(Pieces(messages).Select(piece => piece.Text));

    /// <summary>
    /// The conversation as prompt tokens. Only the template's own text can yield control tokens; a message that
    /// contains the text of one is tokenised as the plain characters it is.
    /// </summary>
    /// <inheritdoc cref="RenderChat" path="/exception"/>
    public int[] EncodeChat(IReadOnlyList<ChatMessage> messages)
    {
        var tokens = new List<int>();
        var plain = new StringBuilder();
        var stripLeft = false;
        foreach (var piece in Pieces(messages))
        {
            var rest = piece.Text.AsSpan();
            while (piece.FromTemplate && TryFindControl(rest, out var at, out var control))
            {
                plain.Append(rest[..at]);
                AppendPlain(plain, stripLeft, control.StripsLeft, tokens);
                tokens.Add(control.Id);
                stripLeft = control.StripsRight;
                rest = rest[(at + control.Text.Length)..];
            }

            plain.Append(rest);
        }

        AppendPlain(plain, stripLeft, stripRight: false, tokens);
        if (_startToken >= 0 && (tokens.Count == 0 || tokens[0] != _startToken))
        {
            tokens.Insert(0, _startToken);
        }

        return [.. tokens];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private List<PromptPiece> Pieces(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Inference.ChatTemplate.Render(
            ChatTemplate ?? throw new ChatTemplateException("The model file has no chat template."), messages);
    }

    /// <summary>The leftmost control token in a text, the longest where several begin.</summary>
    private bool TryFindControl(ReadOnlySpan<char> text, out int at, out ControlToken control)
    {
        (at, control) = (-1, default);
        foreach (var candidate in Table.Controls)
        {
            var found = text.IndexOf(candidate.Text, StringComparison.Ordinal);
            if (found >= 0 && (at < 0 || found < at))
            {
                (at, control) = (found, candidate);
            }
        }

        return at >= 0;
    }

    private void AppendPlain(StringBuilder plain, bool stripLeft, bool stripRight, List<int> tokens)
    {
        var text = plain.ToString();
        plain.Clear();
        text = stripLeft ? text.TrimStart() : text;
        Append(stripRight ? text.TrimEnd() : text, parseSpecial: false, tokens);
    }

    private void Append(string text, bool parseSpecial, List<int> tokens)
    {
        if (text.Length == 0)
        {
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var ids = ArrayPool<int>.Shared.Rent(length + 8);
        try
        {
            foreach (var token in ids.AsSpan(0, Tokenize(bytes.AsSpan(0, length), ids, parseSpecial)))
            {
                if (!parseSpecial && Table.IsControl(token) && text.Length > 2)
                {
                    // Some tokenizers match a whole word with any token, a control token too: spell it out instead.
                    AppendSpelled(token, tokens);
                }
                else
                {
                    tokens.Add(token);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<int>.Shared.Return(ids);
        }
    }

    private void AppendSpelled(int control, List<int> tokens)
    {
        foreach (var token in Table.Controls)
        {
            if (token.Id == control)
            {
                foreach (var rune in token.Text.EnumerateRunes())
                {
                    Append(rune.ToString(), parseSpecial: false, tokens);
                }

                return;
            }
        }
    }

    private unsafe int Tokenize(ReadOnlySpan<byte> text, Span<int> tokens, bool parseSpecial)
    {
        using var use = new HandleUse(_model);
        fixed (byte* textStart = text)
        fixed (int* tokensStart = tokens)
        {
            var count = NativeMethods.Tokenize(
                NativeMethods.ModelVocabulary(use.Pointer),
                textStart, text.Length, tokensStart, tokens.Length, addSpecial: 0, (byte)(parseSpecial ? 1 : 0));
            return count >= 0
                ? count
                : throw new InvalidParameterException(nameof(text), $"{text.Length} bytes long", "tokenisable at its length");
        }
    }

    private int Checked(int token) => Table.Contains(token)
        ? token
        : throw new InvalidParameterException(nameof(token), token, $"from 0 to {Size - 1}");

    private static unsafe string? ReadChatTemplate(nint model) =>
        Marshal.PtrToStringUTF8((nint)NativeMethods.ModelChatTemplate(model, null));

    private static int ReadTrainedContext(nint model) =>
        int.TryParse(ReadMetadata(model, $"{ReadMetadata(model, "general.architecture")}.context_length"), out var tokens)
            ? tokens
            : 0;

    private static unsafe string ReadMetadata(nint model, string key)
    {
        Span<byte> value = stackalloc byte[256];
        fixed (byte* buffer = value)
        {
            var length = NativeMethods.ModelMetadata(model, key, buffer, (nuint)value.Length);
            return Encoding.UTF8.GetString(value[..Math.Clamp(length, 0, value.Length - 1)]);
        }
    }
}
