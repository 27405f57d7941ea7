namespace BTTInferGrid.Grammars;

/// <summary>Why a schema is refused.</summary>
public enum SchemaError
{
    /// <summary>A value is out of range, contradicts another one, or exceeds a limit of size.</summary>
    InvalidValue,

    /// <summary>A value has the wrong JSON type.</summary>
    InvalidType,

    /// <summary>The schema is valid, but uses what grammars cannot express or this converter does not support.</summary>
    Unsupported,
}

/// <summary>A JSON schema cannot be converted to a grammar.</summary>
public sealed class SchemaException : Exception
{
    private SchemaException(SchemaError error, string path, string message)
        : base(message) => (Error, Path) = (error, path);

    /// <summary>Why the schema is refused.</summary>
    public SchemaError Error { get; }

    /// <summary>Path of the refused element, beginning with the path that the caller gave to the schema.</summary>
    public string Path { get; }

    internal static SchemaException Invalid(string path, string message) => new(SchemaError.InvalidValue, path, message);

    internal static SchemaException WrongType(string path, string expected) =>
        new(SchemaError.InvalidType, path, $"'{path}' must be {expected}.");

    internal static SchemaException Unsupported(string path, string problem) =>
        new(SchemaError.Unsupported, path, $"'{path}' {problem}.");
}
