using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BTTInferGrid.Silo.Wallets;

/// <summary>A wallet's password, which is zeroed when it has served.</summary>
/// <param name="text">Its characters, which are this object's from now on.</param>
internal sealed class Password(char[] text) : IDisposable
{
    public ReadOnlySpan<char> Text => text;

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text.AsSpan()));
}
