using System.Text;
using Orleans.Embedded.Identity;

namespace Orleans.Embedded.Tests.Identity;

/// <summary>Published values of xxHash32 with seed 0; hash placement and stored hashes depend on them.</summary>
public sealed class StableHashTests
{
    [Theory]
    [InlineData("", 0x02CC5D05u)]
    [InlineData("a", 0x550D7456u)]
    [InlineData("abc", 0x32D153FFu)]
    [InlineData("Nobody inspects the spammish repetition", 0xE2293B2Fu)]
    public void Compute_KnownText_GivesThePublishedValue(string text, uint expected)
    {
        Assert.Equal(expected, StableHash.Compute(Encoding.UTF8.GetBytes(text)));
    }
}
