using System.Collections.Immutable;
using Orleans.Conformance.Testing.Messages;
using Orleans.Embedded.CodeGeneration;

namespace Orleans.Embedded.Tests.Serialization;

public sealed class CopyTests
{
    [Fact]
    public void Copy_MutableParts_AreNew()
    {
        var original = Everything.Sample;

        var copy = Wire.Serializer.Copy(Wire.CodecOf<Everything>(), original);

        Assert.NotSame(original, copy);
        Assert.NotSame(original.Bytes, copy.Bytes);
        Assert.Equal(original.Bytes, copy.Bytes);
        Assert.NotSame(original.Map!["one"], copy.Map!["one"]);
        Assert.Equal(original.Map, copy.Map);
        Assert.False(original.Memory.Item2.Equals(copy.Memory.Item2));
        Assert.Equal(original.Points, copy.Points);
        Assert.Equal(original.Set, copy.Set);
        Assert.Equal(original.Colours, copy.Colours.AsEnumerable());
        Assert.True(copy.NoArray.IsDefault);
    }

    [Fact]
    public void Copy_ImmutableParts_AreTheSame()
    {
        var original = Everything.Sample;

        var copy = Wire.Serializer.Copy(Wire.CodecOf<Everything>(), original);

        Assert.Same(original.Text, copy.Text);
        Assert.Same(original.Frozen, copy.Frozen);
        Assert.Same(original.Promised.Value, copy.Promised.Value);
        Assert.Same(original.Error, copy.Error);
    }

    [Fact]
    public void Copy_DerivedRecord_HasItsTypeAndPrivateMembers()
    {
        Animal original = new Puppy("Rex", 3, ["ball"]);

        var copy = Assert.IsType<Puppy>(Wire.Serializer.Copy(Wire.CodecOf<Animal>(), original));

        Assert.Equal(6, copy.Secret);
        Assert.Equal(["ball"], copy.Toys);
        Assert.NotSame(((Puppy)original).Toys, copy.Toys);
    }

    [Fact]
    public void Copy_Collections_KeepTheirComparers()
    {
        var map = new Dictionary<string, List<int>>(StringComparer.OrdinalIgnoreCase) { ["A"] = [] };

        var copy = Wire.Serializer.Copy(Codecs.Dictionary(Codecs.String, Codecs.List(Codecs.Int32)), map);

        Assert.True(copy.ContainsKey("a"));
    }

    [Fact]
    public void IsImmutable_FollowsFromTheParts()
    {
        Assert.True(Codecs.ImmutableArray(Codecs.String).IsImmutable);
        Assert.True(Codecs.Nullable(Codecs.Tuple(Codecs.Int32, Codecs.Guid)).IsImmutable);
        Assert.False(Codecs.ImmutableArray(Codecs.ByteArray).IsImmutable);
        Assert.False(Codecs.Tuple(Codecs.Int32, Codecs.ByteArray).IsImmutable);
        Assert.True(Codecs.Unchanged(Codecs.ByteArray).IsImmutable);

        var deep = Wire.Serializer.Copy(Codecs.ImmutableArray(Codecs.ByteArray), ImmutableArray.Create<byte[]>([1]));
        Assert.Equal([1], deep[0]);
    }
}
