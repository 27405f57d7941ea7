using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>The tokens of a model: text to tokens, tokens to bytes, conversations to prompts. Thread safe.</summary>
public sealed class Vocabulary : IDisposable
{
    private readonly ModelHandle? _model;
    private readonly Tokenizer _tokenizer;
    private readonly int _startToken = -1;
    private readonly InputFrame _inputFrame = new(-1, -1);

    internal Vocabulary(ModelHandle model)
    {
        _model = model;
        using var use = new HandleUse(model);
        var vocabulary = NativeMethods.ModelVocabulary(use.Pointer);
        Table = TokenTable.Read(vocabulary);
        TrainedContext = ReadNumber(use.Pointer, "context_length");
        EmbeddingLength = ReadNumber(use.Pointer, "embedding_length");
        ChatTemplate = ReadChatTemplate(use.Pointer);
        _tokenizer = new LlamaTokenizer(model, Table);
        _startToken = NativeMethods.AddsStartToken(vocabulary) != 0 ? NativeMethods.StartToken(vocabulary) : -1;
        _inputFrame = InputFrame.Read(vocabulary);
    }

    private Vocabulary(TokenTable table, Tokenizer tokenizer)
    {
        Table = table;
        _tokenizer = tokenizer;
    }

    /// <summary>Number of tokens; token ids run from 0 to one less.</summary>
    public int Size => Table.Size;

    /// <summary>Longest sequence the model was trained for, in tokens; 0 when the file does not say.</summary>
    public int TrainedContext { get; }

    /// <summary>Numbers in a vector of an embedding; 0 when the file does not say.</summary>
    public int EmbeddingLength { get; }

    /// <summary>The chat template in the model file; null when there is none.</summary>
    public string? ChatTemplate { get; }

    internal TokenTable Table { get; }

    /// <summary>Loads the vocabulary of a model file without its weights.</summary>
    /// <param name="library">llama.cpp.</param>
    /// <param name="path">A GGUF file.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged, or of an unknown kind.</exception>
    public static Vocabulary Load(LlamaLibrary library, string path)
    {
        ArgumentNullException.ThrowIfNull(library);
        return new Vocabulary(ModelHandle.LoadVocabulary(path));
    }

    /// <summary>
    /// A vocabulary that belongs to no file and does not need llama.cpp: a token for each byte of UTF-8 text, and token 256, which ends an
    /// answer. It has no chat template.
    /// </summary>
    public static Vocabulary OfBytes() => new(TokenTable.OfBytes(), new ByteTokenizer());

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
        _tokenizer.Append(text, parseSpecial, tokens);
        return addStart ? WithStart(tokens) : [.. tokens];
    }

    /// <summary>A text as the tokens of an input for an embedding, with those that the model wants before and after it.</summary>
    /// <param name="text">Any text; it never yields a control token.</param>
    public int[] EncodeInput(string text) => _inputFrame.Around(Encode(text, parseSpecial: false));

    /// <summary>The bytes a token stands for: none for a control token, possibly a part of a character.</summary>
    /// <exception cref="InvalidParameterException">There is no such token.</exception>
    public ReadOnlySpan<byte> Decode(int token) => Table.Bytes(Checked(token));

    /// <summary>What a template writes for this control token; null for every other token.</summary>
    /// <exception cref="InvalidParameterException">There is no such token.</exception>
    public string? ControlText(int token) => Table.IsControl(Checked(token)) ? Table.ControlText(token) : null;

    /// <summary>Whether a model that chooses this token has finished its answer.</summary>
    /// <exception cref="InvalidParameterException">There is no such token.</exception>
    public bool IsEndOfGeneration(int token) => Table.EndsGeneration(Checked(token));

    /// <summary>
    /// The conversation as the model's template writes it, up to where the assistant's answer begins.
    /// </summary>
    /// <exception cref="ChatTemplateException">No template, an unknown one, or one that drops a message.</exception>
    /// <exception cref="InvalidParameterException">No messages, or a role that is not a plain word.</exception>
    public string RenderChat(IReadOnlyList<ChatMessage> messages) =>
        string.Concat(Pieces(messages).Select(piece => piece.Text));

    /// <summary>
    /// The conversation as prompt tokens. Only the template's own text can yield control tokens; a message that
    /// contains the text of one is tokenised as the plain characters it is.
    /// </summary>
    /// <inheritdoc cref="RenderChat" path="/exception"/>
    public int[] EncodeChat(IReadOnlyList<ChatMessage> messages) =>
        WithStart(ChatPrompt.Encode(Pieces(messages), Table, _tokenizer));

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();

    private List<PromptPiece> Pieces(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Inference.ChatTemplate.Render(
            ChatTemplate ?? throw new ChatTemplateException("The model file has no chat template."), messages);
    }

    private int[] WithStart(List<int> tokens) =>
        _startToken < 0 || (tokens.Count > 0 && tokens[0] == _startToken) ? [.. tokens] : [_startToken, .. tokens];

    private int Checked(int token) => Table.Contains(token)
        ? token
        : throw new InvalidParameterException(nameof(token), token, $"from 0 to {Size - 1}");

    private static unsafe string? ReadChatTemplate(nint model) =>
        Marshal.PtrToStringUTF8((nint)NativeMethods.ModelChatTemplate(model, null));

    private static int ReadNumber(nint model, string name)
    {
        var text = ReadMetadata(model, $"{ReadMetadata(model, "general.architecture")}.{name}");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

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
