namespace BTTInferGrid.Inference;

/// <summary>The native binaries of an npm package are in none of the places searched.</summary>
public sealed class NativePackageNotFoundException : Exception
{
    internal NativePackageNotFoundException(NativePackage package, IReadOnlyList<string> searched)
        : base($"No '{package.Marker}' of the npm package {package.Name} in:{Environment.NewLine}  "
            + string.Join(Environment.NewLine + "  ", searched) + Environment.NewLine
            + $"Run 'npm ci --ignore-scripts{(package.Prefix.Length == 0 ? "" : $" --prefix {package.Prefix}")}' at "
            + $"the root of the repository, copy the package's {package.Folder} to {package.AppFolder} next to the "
            + $"application, or name the folder in {package.EnvironmentVariable}.")
    {
        Package = package;
        Searched = searched;
    }

    /// <summary>The package that was wanted.</summary>
    public NativePackage Package { get; }

    /// <summary>The folders looked into, in order.</summary>
    public IReadOnlyList<string> Searched { get; }
}
