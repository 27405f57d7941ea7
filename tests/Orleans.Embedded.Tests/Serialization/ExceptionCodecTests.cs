using Orleans.Conformance.Testing.Messages;
using Orleans.Serialization;

namespace Orleans.Embedded.Tests.Serialization;

public sealed class ExceptionCodecTests
{
    [Fact]
    public void Exception_OfTheManifest_KeepsTypeMembersMessageStackAndCause()
    {
        var sent = Thrown(new DetailedException(7, "broken"));

        var read = Assert.IsType<DetailedException>(RoundTrip(sent));

        Assert.Equal(7, read.Code);
        Assert.Equal("broken", read.Detail);
        Assert.Equal(sent.Message, read.Message);
        Assert.Contains(nameof(Thrown), read.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_WithCauses_KeepsThem()
    {
        var sent = new InvalidOperationException(
            "outer", new ArgumentNullException("name", new IOException("inner")) { HResult = 5 });

        var read = Assert.IsType<InvalidOperationException>(RoundTrip(sent));

        var cause = Assert.IsType<ArgumentNullException>(read.InnerException);
        Assert.Equal(sent.InnerException!.Message, cause.Message);
        Assert.Equal(5, cause.HResult);
        Assert.Equal("inner", Assert.IsType<IOException>(cause.InnerException).Message);
    }

    [Fact]
    public void AggregateException_Arrives_Unflattened()
    {
        var sent = new AggregateException(
            "many", new FormatException("one"), new AggregateException(new DetailedException(2, "two")));

        var read = Assert.IsType<AggregateException>(RoundTrip(sent));

        Assert.Equal(sent.Message, read.Message);
        Assert.IsType<FormatException>(read.InnerExceptions[0]);
        Assert.IsType<DetailedException>(Assert.IsType<AggregateException>(read.InnerExceptions[1]).InnerException);
    }

    [Fact]
    public void Exception_OfAnUnknownType_ArrivesAsFallback()
    {
        var read = Assert.IsType<UnavailableExceptionFallbackException>(
            RoundTrip(Thrown(new UnmarkedException("who am I"))));

        Assert.Equal("who am I", read.Message);
        Assert.Equal(typeof(UnmarkedException).FullName, read.ExceptionType);
        Assert.Contains(nameof(Thrown), read.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_Read_CanBeThrownAgain()
    {
        var read = RoundTrip(Thrown(new DetailedException(1, "again")));

        var caught = Assert.Throws<DetailedException>(new Action(() => throw read));

        Assert.Contains(nameof(Thrown), caught.StackTrace, StringComparison.Ordinal);
    }

    private static Exception RoundTrip(Exception sent)
    {
        var codec = CodeGeneration.Codecs.Exception;
        return Wire.Serializer.Deserialize(codec, Wire.Serializer.Serialize(codec, sent));
    }

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }
}
