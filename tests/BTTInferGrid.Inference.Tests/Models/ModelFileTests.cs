using System.Buffers.Binary;

namespace BTTInferGrid.Inference.Tests.Models;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "empty", [] },
        { "short", "GGUF"u8.ToArray() },
        { "magic", Head("GGML", 3, 0, 0) },
        { "version 1", Head("GGUF", 1, 0, 0) },
        { "version 4", Head("GGUF", 4, 0, 0) },
        { "big endian", Head("GGUF", 0x03000000, 0, 0) },
        { "tensors", Head("GGUF", 3, 1000, 0) },
        { "entries", Head("GGUF", 3, 0, 1000) },
        { "huge counts", Head("GGUF", 3, ulong.MaxValue, ulong.MaxValue) },
        { "overflowing counts", Head("GGUF", 3, (1UL << 63) + 1, 2) },
        { "no content", Head("GGUF", 3, 0, 0) },
        { "noise", [.. Head("GGUF", 3, 3, 5), .. Enumerable.Range(0, 4000).Select(i => (byte)(i * 31))] },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Load_DamagedFile_IsATypedErrorNamingTheFile(string what, byte[] content)
    {
        var path = _folder.Write($"{what}.gguf", content);

        Assert.Equal(path, Assert.Throws<ModelFileException>(() => Vocabulary.Load(TinyModel.Library, path)).Path);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(2000)]
    [InlineData(20000)]
    public void Load_TruncatedInItsMetadata_IsATypedError(int length)
    {
        var path = _folder.Write("cut.gguf", File.ReadAllBytes(TinyModel.ModelPath).AsSpan(0, length));

        Assert.Throws<ModelFileException>(() => Vocabulary.Load(TinyModel.Library, path));
    }

    [Fact]
    public void Load_TruncatedInItsWeights_IsATypedErrorThatNamesTheTensor()
    {
        var path = _folder.Write("cut.gguf", File.ReadAllBytes(TinyModel.ModelPath).AsSpan(0, 1_000_000));

        var error = Assert.Throws<ModelFileException>(() => Engine.Load(
            TinyModel.Library,
            path,
            new EngineOptions(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Engine>.Instance));

        Assert.StartsWith("blk.", error.Field, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 24, 1_000_000);
    }

    [Fact]
    public void Load_MissingFileOrFolder_IsATypedError()
    {
        Assert.Throws<ModelFileException>(() => Vocabulary.Load(TinyModel.Library, _folder.Path));
        Assert.Throws<ModelFileException>(
            () => Vocabulary.Load(TinyModel.Library, Path.Combine(_folder.Path, "absent.gguf")));
    }

    [Fact]
    public async Task ReadAsync_TinyModel_GivesThePinnedProfile()
    {
        var profile = await ModelProfile.ReadAsync(TinyModel.ModelPath);

        Assert.Equal("b1452e0d51157c1b340e35998b6d35b761ba5ed78e57e541e7335ad50d70fd82", profile.FileSha256);
        Assert.Equal(3_660_960, profile.FileBytes);

        // A miner and a validator of different builds must agree on this.
        Assert.Equal("fde2af010a87156069455beef381dd97dd70c8831b8892c9cbe21abc06136efd", profile.Id);
    }

    [Fact]
    public async Task Id_AnyFieldChanged_Changes()
    {
        var profile = await ModelProfile.ReadAsync(TinyModel.ModelPath);
        string[] ids =
        [
            profile.Id,
            (profile with { FileSha256 = new string('0', 64) }).Id,
            (profile with { FileBytes = 1 }).Id,
            (profile with { CacheType = "q8_0" }).Id,
            (profile with { FlashAttention = !profile.FlashAttention }).Id,
            (profile with { SamplerVersion = 99 }).Id,
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Head(string magic, uint version, ulong tensors, ulong entries)
    {
        var head = new byte[24];
        System.Text.Encoding.ASCII.GetBytes(magic, head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), version);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(8), tensors);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(16), entries);
        return head;
    }
}
