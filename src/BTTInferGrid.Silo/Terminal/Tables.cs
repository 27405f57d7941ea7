using BTTInferGrid.Link;
using Spectre.Console;

namespace BTTInferGrid.Silo.Terminal;

/// <summary>Rows of tables. Cells are text and no markup: what they say may come from anybody.</summary>
internal static class Tables
{
    public static void Row(Table table, params ReadOnlySpan<string> cells)
    {
        var texts = new Text[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            texts[i] = new Text(PrintableText.Clean(cells[i]));
        }

        table.AddRow(texts);
    }
}
