using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>What the first frames of both sides have in common.</summary>
internal ref struct HandshakeFields
{
    private NodeRole _role;
    private string? _clusterId;
    private string? _name;
    private byte[]? _nonce;

    public readonly PeerIdentity Identity =>
        new(_role, _clusterId ?? string.Empty, _name ?? string.Empty);

    public readonly byte[] Nonce => _nonce is { Length: >= Handshake.NonceBytes }
        ? _nonce
        : throw new SerializerException("The peer sent no random bytes to prove anything about.");

    public static void Write(WireWriter writer, PeerIdentity self)
    {
        Codecs.Byte.WriteField(writer, 4, (byte)self.Role);
        Codecs.String.WriteField(writer, 5, self.ClusterId);
        Codecs.String.WriteField(writer, 6, self.Name);
    }

    public void Read(ulong number, ref WireReader reader, WireType type)
    {
        switch (number)
        {
            case 4:
                _role = (NodeRole)Codecs.Byte.ReadField(ref reader, type);
                break;
            case 5:
                _clusterId = Codecs.String.ReadField(ref reader, type);
                break;
            case 6:
                _name = Codecs.String.ReadField(ref reader, type);
                break;
            case 8:
                _nonce = Codecs.ByteArray.ReadField(ref reader, type);
                break;
            default:
                reader.Skip(type);
                break;
        }
    }
}
