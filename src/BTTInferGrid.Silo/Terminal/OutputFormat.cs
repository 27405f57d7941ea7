namespace BTTInferGrid.Silo.Terminal;

/// <summary>How a command says what it was asked for.</summary>
internal enum OutputFormat
{
    /// <summary>For people: tables, plain when nobody looks on.</summary>
    Text,

    /// <summary>For programs: one JSON value on standard output, errors as JSON on standard error.</summary>
    Json,
}
