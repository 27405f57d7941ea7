using Orleans.Embedded.CodeGeneration;
using Orleans.Runtime;

namespace Orleans.Embedded.Serialization;

/// <summary>Simple values that may stand where any object may.</summary>
internal static class KnownValues
{
    public static IObjectCodec[] All { get; } =
    [
        new BoxedCodec<bool>("bool", Codecs.Boolean),
        new BoxedCodec<int>("int", Codecs.Int32),
        new BoxedCodec<uint>("uint", Codecs.UInt32),
        new BoxedCodec<long>("long", Codecs.Int64),
        new BoxedCodec<ulong>("ulong", Codecs.UInt64),
        new BoxedCodec<float>("float", Codecs.Single),
        new BoxedCodec<double>("double", Codecs.Double),
        new BoxedCodec<decimal>("decimal", Codecs.Decimal),
        new BoxedCodec<string>("string", Codecs.String),
        new BoxedCodec<Guid>("guid", Codecs.Guid),
        new BoxedCodec<DateTime>("datetime", Codecs.DateTime),
        new BoxedCodec<DateTimeOffset>("datetimeoffset", Codecs.DateTimeOffset),
        new BoxedCodec<TimeSpan>("timespan", Codecs.TimeSpan),
        new BoxedCodec<byte[]>("bytes", Codecs.ByteArray),
        new BoxedCodec<GrainId>("grainid", Codecs.GrainId),
        new BoxedCodec<SiloAddress>("silo", Codecs.SiloAddress),
    ];
}
