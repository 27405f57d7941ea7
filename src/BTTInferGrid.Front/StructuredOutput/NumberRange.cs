namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Numbers between two whole ones, each itself excluded or not.</summary>
internal readonly record struct NumberRange(long Least, bool LeastExcluded, long Most, bool MostExcluded)
{
    /// <summary>
    /// The largest bound. With <see cref="NumberTexts.FractionDigits"/> digits behind the point, a number below a bound
    /// stays below it when it is rounded to a double.
    /// </summary>
    public const long Largest = 999_999_999;

    public bool IsEmpty => Least > Most || (Least == Most && (LeastExcluded || MostExcluded));
}
