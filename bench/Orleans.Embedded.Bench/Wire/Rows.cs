using System.Globalization;
using System.Text;

namespace Orleans.Embedded.Bench.Wire;

/// <summary>What the rounds measured, as a table of median [min-max].</summary>
internal sealed class Rows
{
    private readonly OrderedDictionary<(string Name, string Unit), List<double>> _rows = [];

    /// <summary>Whether values are dropped for now.</summary>
    public bool IsWarmUp { get; set; }

    public void Add(string name, string unit, double value)
    {
        if (IsWarmUp)
        {
            return;
        }

        if (!_rows.TryGetValue((name, unit), out var values))
        {
            _rows.Add((name, unit), values = []);
        }

        values.Add(value);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var ((name, unit), values) in _rows)
        {
            values.Sort();
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {values[values.Count / 2]:N0} [{values[0]:N0}-{values[^1]:N0}] {unit} |"));
        }

        return text.ToString();
    }
}
