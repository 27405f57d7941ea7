using Orleans.Conformance.Testing.Messages;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Tests.Serialization;

public sealed class HostileInputTests
{
    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x0F })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0x0B, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x0B, 0x06, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00 })]
    [InlineData(new byte[] { 0x0B, 0x02, 0x01, 0x01 })]
    [InlineData(new byte[] { 0x08, 0x01 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    public void Read_LengthsTypesAndNumbersThatLie_FailTyped(byte[] bytes)
    {
        Assert.Throws<SerializerException>(
            () => Wire.Serializer.Deserialize(Codecs.List(Codecs.Int32), bytes));
    }

    [Fact]
    public void Read_CountOfMoreThanThereIs_AllocatesNothingForIt()
    {
        byte[] bytes = [0x0B, 0x06, 0xFF, 0xFF, 0xFF, 0x7F, 0x00, 0x00];
        var codec = Codecs.Array(Codecs.Int64);

        // The first use of the serializer reads the manifest, which is not what is measured.
        var serializer = Wire.Serializer;
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<SerializerException>(() => serializer.Deserialize(codec, bytes));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("Orleans.Conformance.Testing.Messages.Stray")]
    [InlineData("")]
    public void Read_NameOfATypeOutsideTheManifest_IsRefused(string name)
    {
        var bytes = Named(name);

        Assert.Throws<CodecNotFoundException>(() => Wire.Serializer.Deserialize(Codecs.Object, bytes));
    }

    [Fact]
    public void Read_NameOfAnotherKindOfType_IsRefused()
    {
        Assert.Throws<CodecNotFoundException>(
            () => Wire.Serializer.Deserialize(Wire.CodecOf<Animal>(), Named("test.point")));
        Assert.Throws<SerializerException>(() => Wire.Serializer.Deserialize(Wire.CodecOf<Animal>(), Named("")));
        Assert.Throws<CodecNotFoundException>(
            () => Wire.Serializer.Deserialize(Wire.CodecOf<Animal>(), Named(new string('x', 10_000))));
    }

    [Fact]
    public void Read_NestingWithoutEnd_Fails()
    {
        byte[] bytes = [];
        for (var i = 0; i < 1_000; i++)
        {
            using var writer = new WireWriter(Wire.Serializer);
            writer.WriteText(string.Empty);
            writer.WriteField(1, WireType.Block);
            writer.WriteBytes(bytes);
            bytes = writer.Written.ToArray();
        }

        using var outer = new WireWriter(Wire.Serializer);
        outer.WriteField(1, WireType.Block);
        outer.WriteBytes(bytes);
        var all = outer.Written.ToArray();

        var error = Assert.Throws<SerializerException>(() => Wire.Serializer.Deserialize(Wire.CodecOf<Node>(), all));
        Assert.Contains("nested", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedAndTruncatedMessages_FailTypedOrGiveAValue()
    {
        var random = new Random(7);
        var good = Wire.Serializer.Serialize(Codecs.Object, Everything.Sample);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = good.AsSpan(0, i % 3 == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var flips = random.Next(1, 4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Wire.Serializer.Deserialize(Codecs.Object, bytes);
            }
            catch (SerializerException)
            {
                // What a damaged message may do.
            }
        }
    }

    private static byte[] Named(string name)
    {
        using var writer = new WireWriter(Wire.Serializer);
        writer.WriteField(1, WireType.Block);
        var start = writer.BeginBlock();
        writer.WriteText(name);
        writer.EndBlock(start);
        return writer.Written.ToArray();
    }
}
