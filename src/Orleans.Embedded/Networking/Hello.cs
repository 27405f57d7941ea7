using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>The caller's first frame.</summary>
/// <param name="MinVersion">The oldest version of the protocol that it speaks.</param>
/// <param name="MaxVersion">The newest version.</param>
/// <param name="Self">Who it is.</param>
/// <param name="Target">Whom it wants, by name; empty for anybody.</param>
/// <param name="Nonce">Random bytes.</param>
internal sealed record Hello(int MinVersion, int MaxVersion, PeerIdentity Self, string Target, byte[] Nonce)
{
    /// <summary>"GRNW": who speaks another protocol is recognised by it.</summary>
    private const uint Magic = 0x574E5247;

    public byte[] Write()
    {
        using var writer = new WireWriter(null);
        writer.WriteField(1, WireType.Fixed32);
        writer.WriteFixed32(Magic);
        Codecs.Int32.WriteField(writer, 2, MinVersion);
        Codecs.Int32.WriteField(writer, 3, MaxVersion);
        HandshakeFields.Write(writer, Self);
        Codecs.String.WriteField(writer, 7, Target);
        Codecs.ByteArray.WriteField(writer, 8, Nonce);
        return writer.Written.ToArray();
    }

    public static Hello Read(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, null);
        var fields = new HandshakeFields();
        var (magic, minVersion, maxVersion, target) = (0U, 0, 0, string.Empty);
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1 when type == WireType.Fixed32:
                    magic = reader.ReadFixed32();
                    break;
                case 2:
                    minVersion = Codecs.Int32.ReadField(ref reader, type);
                    break;
                case 3:
                    maxVersion = Codecs.Int32.ReadField(ref reader, type);
                    break;
                case 7:
                    target = Codecs.String.ReadField(ref reader, type);
                    break;
                default:
                    fields.Read(number, ref reader, type);
                    break;
            }
        }

        return magic == Magic
            ? new Hello(minVersion, maxVersion, fields.Identity, target ?? string.Empty, fields.Nonce)
            : throw new SerializerException("The peer does not speak the protocol of silos.");
    }
}
