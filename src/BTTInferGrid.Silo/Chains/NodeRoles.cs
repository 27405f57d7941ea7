namespace BTTInferGrid.Silo.Chains;

/// <summary>The roles of <c>NodeRegistry</c>, by their names on the command line.</summary>
internal static class NodeRoles
{
    private static readonly string[] Known = ["none", "miner", "validator"];

    /// <summary>What somebody can be: miner or validator.</summary>
    public static string[] Names => Known[1..];

    public static string NameOf(byte role) => role < Known.Length ? Known[role] : $"role {role}";

    public static byte Of(string name) => (byte)Array.IndexOf(Known, name);
}
