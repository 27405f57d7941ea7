namespace BTTInferGrid.Inference;

/// <summary>A value handed to this library is outside its range. Nothing was queued, loaded or changed.</summary>
/// <param name="field">The option, parameter or request field, as the caller spells it.</param>
/// <param name="value">The value that was refused.</param>
/// <param name="rule">What the field must be, as the end of the sentence "<c>field</c> must be …".</param>
public class InvalidParameterException(string field, object? value, string rule)
    : ArgumentException($"{field} is {value ?? "null"}; it must be {rule}.", field)
{
    /// <summary>The option, parameter or request field that was refused.</summary>
    public string Field { get; } = field;

    /// <summary>The value that was refused.</summary>
    public object? Value { get; } = value;
}
