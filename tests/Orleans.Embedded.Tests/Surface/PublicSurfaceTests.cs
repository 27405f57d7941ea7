namespace Orleans.Embedded.Tests.Surface;

/// <summary>
/// What others can use is what the checked-in lists say: a name that appears, goes or changes is a decision.
/// </summary>
public sealed class PublicSurfaceTests
{
    [Theory]
    [InlineData(typeof(Grain), "Orleans.Embedded")]
    [InlineData(typeof(AdoNetHostingExtensions), "Orleans.Embedded.AdoNet")]
    public async Task Surface_OfAnAssembly_IsTheListedOne(Type anyType, string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Surface");
        var listed = await File.ReadAllLinesAsync(Path.Combine(folder, $"{name}.txt"));

        var found = PublicSurface.Of(anyType.Assembly);

        if (!listed.SequenceEqual(found))
        {
            var accepted = Path.Combine(folder, $"{name}.found.txt");
            await File.WriteAllLinesAsync(accepted, found);
            Assert.Fail(
                $"The public surface of {name} changed:\n"
                + string.Concat(found.Except(listed).Select(static line => $"+ {line}\n"))
                + string.Concat(listed.Except(found).Select(static line => $"- {line}\n"))
                + $"If that is meant: cp {accepted} tests/Orleans.Embedded.Tests/Surface/{name}.txt");
        }
    }
}
