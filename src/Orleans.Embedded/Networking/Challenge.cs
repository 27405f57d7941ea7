using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>The listener's answer.</summary>
/// <param name="Version">The version that both speak from here on.</param>
/// <param name="Self">Who it is.</param>
/// <param name="Nonce">Random bytes.</param>
internal sealed record Challenge(int Version, PeerIdentity Self, byte[] Nonce)
{
    public byte[] Write()
    {
        using var writer = new WireWriter(null);
        Codecs.Int32.WriteField(writer, 2, Version);
        HandshakeFields.Write(writer, Self);
        Codecs.ByteArray.WriteField(writer, 8, Nonce);
        return writer.Written.ToArray();
    }

    public static Challenge Read(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, null);
        var fields = new HandshakeFields();
        var version = 0;
        while (reader.TryReadField(out var number, out var type))
        {
            if (number == 2)
            {
                version = Codecs.Int32.ReadField(ref reader, type);
            }
            else
            {
                fields.Read(number, ref reader, type);
            }
        }

        return new Challenge(version, fields.Identity, fields.Nonce);
    }
}
