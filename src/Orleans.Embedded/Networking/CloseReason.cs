using System.Text;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>Why a connection ended or did not begin.</summary>
/// <param name="Code">What is the matter.</param>
/// <param name="Text">The same for people, without secrets.</param>
/// <param name="ByPeer">Whether the other side said it.</param>
internal sealed record CloseReason(CloseCode Code, string Text, bool ByPeer = false)
{
    private const int MaxTextBytes = 1024;

    public static CloseReason Lost { get; } = new(CloseCode.Lost, "The connection was lost.");

    public static CloseReason Stopping { get; } = new(CloseCode.Stopping, "The node stops.");

    public void Write(WireWriter writer)
    {
        Codecs.Byte.WriteField(writer, 1, (byte)Code);
        Codecs.String.WriteField(writer, 2, Text);
    }

    /// <summary>Reads what the other side gave as its reason, as far as it makes sense.</summary>
    public static CloseReason Read(ReadOnlySpan<byte> payload)
    {
        var (code, text) = (CloseCode.Malformed, string.Empty);
        try
        {
            var reader = new WireReader(payload, null);
            while (reader.TryReadField(out var number, out var type))
            {
                switch (number)
                {
                    case 1:
                        code = (CloseCode)Codecs.Byte.ReadField(ref reader, type);
                        break;
                    case 2 when type == WireType.Block:
                        var bytes = reader.ReadBytes();
                        text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxTextBytes)]);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
        }
        catch (SerializerException)
        {
            text = "The peer gave a reason that cannot be read.";
        }

        return new CloseReason(code, text, ByPeer: true);
    }

    public override string ToString()
    {
        return ByPeer ? $"{Code}, says the peer: {OneLine(Text)}" : $"{Code}: {OneLine(Text)}";
    }

    /// <summary>A peer's words must not look like lines of the log.</summary>
    private static string OneLine(string text)
    {
        return string.Create(text.Length, text, static (line, text) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        });
    }
}
