using System.Security.Cryptography;
using System.Text;

namespace Orleans.Embedded.Networking;

/// <summary>
/// What all core silos and clients of a cluster know and never send. A proof is a keyed hash (HMAC-SHA256) of the side and
/// the transcript, so it is good for one end of one handshake.
/// </summary>
internal sealed class ClusterSecret(string secret)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    public byte[] Prove(HandshakeSide side, ReadOnlySpan<byte> transcript)
    {
        byte[] text = [(byte)side, .. transcript];
        return HMACSHA256.HashData(_key, text);
    }

    public bool Verify(HandshakeSide side, ReadOnlySpan<byte> transcript, ReadOnlySpan<byte> proof)
    {
        return CryptographicOperations.FixedTimeEquals(Prove(side, transcript), proof);
    }
}
