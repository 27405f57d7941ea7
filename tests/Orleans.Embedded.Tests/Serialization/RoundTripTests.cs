using Orleans.Conformance.Testing.Messages;
using Orleans.Embedded.CodeGeneration;
using Orleans.Serialization;

namespace Orleans.Embedded.Tests.Serialization;

public sealed class RoundTripTests
{
    [Fact]
    public void Members_OfEachKind_Arrive()
    {
        var sent = Everything.Sample;

        var read = Wire.RoundTrip(sent);

        Assert.True(read.Flag);
        Assert.Equal(sent.Negatives, read.Negatives);
        Assert.Equal(sent.Naturals, read.Naturals);
        Assert.Equal(sent.Real, read.Real);
        Assert.Equal(sent.Text, read.Text);
        Assert.Equal(sent.Token, read.Token);
        Assert.Equal(sent.Times, read.Times);
        Assert.Equal(DateTimeKind.Utc, read.Times.Item1.Kind);
        Assert.Equal(sent.Times.Item2.Offset, read.Times.Item2.Offset);
        Assert.Equal(sent.Big, read.Big);
        Assert.Equal(sent.Bytes, read.Bytes);
        Assert.Equal([4], read.Memory.Item1.ToArray());
        Assert.Equal([5, 6], read.Memory.Item2.ToArray());
        Assert.Equal(sent.Names, read.Names);
        Assert.Equal(sent.Points, read.Points);
        Assert.Equal(sent.Map, read.Map);
        Assert.Equal(sent.Set, read.Set);
        Assert.Equal(sent.Colours, read.Colours.AsEnumerable());
        Assert.True(read.NoArray.IsDefault);
        Assert.Equal(sent.Frozen, read.Frozen);
        Assert.Equal(sent.FrozenMap, read.FrozenMap);
        Assert.Equal(sent.Maybe, read.Maybe);
        Assert.Equal(sent.Address, read.Address);
        Assert.Equal(sent.Grain, read.Grain);
        Assert.Equal(sent.Silo, read.Silo);
        Assert.Equal(sent.Promised.Value, read.Promised.Value);
        Assert.Equal(sent.Any, read.Any);
        Assert.Equal("late", Assert.IsType<TimeoutException>(read.Error).Message);
    }

    [Fact]
    public void Members_NullOrDefault_Arrive()
    {
        var read = Wire.RoundTrip(new Everything());

        Assert.Null(read.Text);
        Assert.Null(read.Map);
        Assert.True(read.Colours.IsDefault);
        Assert.Equal(default, read.Maybe);
        Assert.True(read.Grain.IsDefault);
    }

    [Fact]
    public void DerivedRecord_DeclaredAsItsAbstractBase_KeepsItsTypeAndAllMembers()
    {
        Animal sent = new Puppy("Rex", 3, ["ball"]);

        var bytes = Wire.Serializer.Serialize(Wire.CodecOf<Animal>(), sent);
        var read = Assert.IsType<Puppy>(Wire.Serializer.Deserialize(Wire.CodecOf<Animal>(), bytes));

        Assert.Equal("Rex", read.Name);
        Assert.Equal(3, read.Age);
        Assert.Equal(["ball"], read.Toys);
        Assert.Equal(6, read.Secret);
        Assert.Contains("test.puppy", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Object_OfATypeWithoutCodec_IsRefusedByTheWriter()
    {
        var error = Assert.Throws<CodecNotFoundException>(
            () => Wire.Serializer.Serialize(Wire.CodecOf<Animal>(), new Stray("Nobody")));

        Assert.Contains(nameof(Stray), error.Message, StringComparison.Ordinal);
        Assert.Throws<CodecNotFoundException>(() => Wire.Serializer.Serialize(Codecs.Object, new Stray("Nobody")));
    }

    [Fact]
    public void Object_ThatContainsItself_IsRefused()
    {
        var circle = new Node();
        circle.Next = circle;

        Assert.Throws<SerializerException>(() => Wire.RoundTrip(circle));
        Assert.Throws<SerializerException>(() => Wire.Serializer.Copy(Wire.CodecOf<Node>(), circle));
    }

    [Fact]
    public void Reader_OlderWriter_SkipsUnknownMembersAndKeepsInitialValuesOfMissingOnes()
    {
        var read = Wire.Convert<VersionOne, VersionTwo>(new VersionOne
        {
            Kept = "kept",
            DroppedMap = new() { ["p"] = new(1, 2) },
            DroppedNumber = 1.5,
            DroppedFloat = 2.5f,
            DroppedLong = long.MaxValue,
            Narrowed = -12,
        });

        Assert.Equal("kept", read.Kept);
        Assert.Equal(-12, read.Narrowed);
        Assert.Equal([1], read.Added);
        Assert.Equal(5, read.AddedNumber);
    }

    [Fact]
    public void Reader_MemberOfAnotherWireType_Fails()
    {
        Assert.Throws<SerializerException>(() => Wire.Convert<VersionOne, OtherType>(new VersionOne { Kept = "text" }));
        Assert.Throws<SerializerException>(
            () => Wire.Convert<VersionOne, VersionTwo>(new VersionOne { Narrowed = long.MaxValue }));
    }

    [Fact]
    public void Text_LongerThanTheFirstBuffer_Arrives()
    {
        var text = new string('ä', 1_000_000);

        string?[] texts = [text, text];

        Assert.Equal(texts, Wire.RoundTrip(new Everything { Names = texts }).Names!);
    }
}
