using System.Globalization;
using System.Text.RegularExpressions;

namespace BTTInferGrid.Inference;

/// <summary>
/// A model in several files named <c>x-00001-of-00003.gguf</c>: finds them and checks that they belong together.
/// </summary>
internal static partial class SplitFiles
{
    private const string Count = "split.count";
    private const string Number = "split.no";
    private const string Tensors = "split.tensors.count";
    private const int Most = 1024;

    /// <summary>The first part, and the others when it has some.</summary>
    /// <exception cref="ModelFileException">A part is missing, or is not the one it should be.</exception>
    public static List<GgufPart> Complete(GgufPart first, Func<string, int, GgufPart> read)
    {
        var parts = new List<GgufPart> { first };
        var count = Field(first, Count, GgufValueType.U16) ?? 1;
        if (count <= 1)
        {
            return parts;
        }

        if (count > Most)
        {
            throw first.Metadata.Wrong(Count, $"is {count}; the most is {Most}");
        }

        foreach (var path in Names(first, count).Skip(1))
        {
            parts.Add(read(path, parts.Count));
        }

        for (var i = 0; i < count; i++)
        {
            Check(parts[i], i, count);
        }

        CheckTensors(parts);
        return parts;
    }

    private static IEnumerable<string> Names(GgufPart first, long count)
    {
        var name = FileName().Match(Path.GetFileName(first.Path));
        if (!name.Success || Digits(name.Groups[2]) != 1 || Digits(name.Groups[3]) != count)
        {
            throw new ModelFileException(
                first.Path, $"it is one of {count} parts; name the one that ends in -00001-of-{count:D5}.gguf");
        }

        var folder = Path.GetDirectoryName(first.Path) ?? "";
        return Enumerable.Range(1, (int)count).Select(
            i => Path.Combine(folder, $"{name.Groups[1].Value}-{i:D5}-of-{count:D5}.gguf"));
    }

    private static void Check(GgufPart part, int index, long count)
    {
        if ((Field(part, Number, GgufValueType.U16) ?? throw part.Metadata.Missing(Number)) != index)
        {
            throw part.Metadata.Wrong(Number, $"is not {index}, as the file's name says");
        }

        if ((Field(part, Count, GgufValueType.U16) ?? count) != count)
        {
            throw part.Metadata.Wrong(Count, $"is not {count}, as in the first part");
        }
    }

    private static void CheckTensors(List<GgufPart> parts)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            foreach (var tensor in part.Tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ModelFileException(part.Path, tensor.Name, tensor.Offset, "is in an earlier part too");
                }
            }
        }

        var metadata = parts[0].Metadata;
        var total = Field(parts[0], Tensors, GgufValueType.I32) ?? throw metadata.Missing(Tensors);
        if (total != names.Count)
        {
            throw metadata.Wrong(Tensors, $"is {total}, but the parts hold {names.Count}");
        }
    }

    /// <summary>A number of exactly the type that native code reads it as; it ends the process over another.</summary>
    private static long? Field(GgufPart part, string key, GgufValueType type) =>
        !part.Metadata.TryGet(key, out var value) ? null
        : value.Type == type ? value.Whole()
        : throw part.Metadata.Wrong(key, $"is not of type {type}");

    private static int Digits(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.*)-(\d{5})-of-(\d{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
