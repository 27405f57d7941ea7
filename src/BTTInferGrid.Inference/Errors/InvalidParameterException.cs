namespace BTTInferGrid.Inference;

/// <summary>A value handed to this library is outside its range. Nothing was queued, loaded or changed.</summary>
public class InvalidParameterException : ArgumentException
{
    /// <summary>Refuses a value.</summary>
    /// <param name="field">The option, parameter or request field, as the caller spells it.</param>
    /// <param name="value">The value that was refused.</param>
    /// <param name="rule">What the field must be, as the end of the sentence "<c>field</c> must be …".</param>
    public InvalidParameterException(string field, object? value, string rule)
        : base($"{field} is {value ?? "null"}; it must be {rule}.", field) => (Field, Value) = (field, value);

    /// <summary>Refuses a value for a reason that a parser found.</summary>
    /// <param name="field">The option, parameter or request field, as the caller spells it.</param>
    /// <param name="cause">The parser's error, whose message becomes that of this exception.</param>
    internal InvalidParameterException(string field, Exception cause)
        : base(cause.Message, field, cause) => Field = field;

    /// <summary>The option, parameter or request field that was refused.</summary>
    public string Field { get; }

    /// <summary>The value that was refused; null where the message alone describes it.</summary>
    public object? Value { get; }
}
