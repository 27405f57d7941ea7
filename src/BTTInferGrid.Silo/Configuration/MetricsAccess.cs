using System.Text.Json.Serialization;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>Who may read the metrics of a core silo over HTTP.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricsAccess>))]
internal enum MetricsAccess
{
    /// <summary>Nobody: there is no such route.</summary>
    Off,

    /// <summary>Whoever has an API key with the scope <c>admin</c>.</summary>
    Key,

    /// <summary>Everybody who reaches the port.</summary>
    Open,
}
