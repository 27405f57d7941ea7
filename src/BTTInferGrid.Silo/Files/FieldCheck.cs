using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace BTTInferGrid.Silo.Files;

/// <summary>Checks what a JSON type cannot.</summary>
/// <param name="wrong">Makes the error of a path and a problem.</param>
internal sealed class FieldCheck(Func<string, string, Exception> wrong)
{
    public void Require(bool holds, string at, string problem)
    {
        if (!holds)
        {
            throw wrong(at, problem);
        }
    }

    public void Range(long value, long min, long max, string at) =>
        Require(value >= min && value <= max, at, $"it is {value}; it must be between {min} and {max}.");

    /// <summary>Requires each property of an object to be in the range that its attribute says.</summary>
    public void Ranges(object section, string at)
    {
        foreach (var property in section.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            {
                var value = property.GetValue(section);
                Require(
                    range.IsValid(value),
                    $"{at}.{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}",
                    string.Create(CultureInfo.InvariantCulture, $"it is {value}; it must be between {range.Minimum} and {range.Maximum}."));
            }
        }
    }

    public void Count(int count, int max, string of, string at) =>
        Require(count >= 1 && count <= max, at, $"it has {count} {of}; it must have between 1 and {max}.");

    public void Text(string text, int max, string at) => Require(
        text.Length > 0 && text.Length <= max && !text.Any(char.IsControl), at, $"it must have between 1 and {max} characters on one line.");
}
