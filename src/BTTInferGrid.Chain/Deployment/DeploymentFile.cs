using System.Text.Json;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Deployment;

/// <summary>The file that says where the contracts are, one for each chain: <c>contracts-199.json</c>.</summary>
public static class DeploymentFile
{
    private const int MaxBytes = 64 << 10;

    /// <summary>The file's path.</summary>
    /// <param name="folder">The folder of such files.</param>
    /// <param name="chainId">The chain.</param>
    public static string PathOf(string folder, ulong chainId) => Path.Combine(folder, $"contracts-{chainId}.json");

    /// <summary>Writes it, whole or not at all.</summary>
    /// <param name="folder">The folder of such files; made if missing.</param>
    /// <param name="addresses">What to write.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string folder, ContractAddresses addresses)
    {
        var json = new JsonObject
        {
            ["chainId"] = addresses.ChainId,
            ["token"] = addresses.Token.ToString(),
            ["nodeRegistry"] = addresses.NodeRegistry.ToString(),
            ["disputeCourt"] = addresses.DisputeCourt.ToString(),
            ["epochRewards"] = addresses.EpochRewards.ToString(),
            ["paymentEscrow"] = addresses.PaymentEscrow.ToString(),
        };
        Directory.CreateDirectory(folder);
        var path = PathOf(folder, addresses.ChainId);
        File.WriteAllText(path + ".new", json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Reads it; null if there is none.</summary>
    /// <param name="folder">The folder of such files.</param>
    /// <param name="chainId">The chain.</param>
    /// <exception cref="DeploymentException">It is there and cannot be used.</exception>
    public static ContractAddresses? Read(string folder, ulong chainId)
    {
        var path = PathOf(folder, chainId);
        return File.Exists(path) ? ReadFile(path, chainId) : null;
    }

    /// <summary>Reads one of any name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="chainId">The chain that it must be of.</param>
    /// <exception cref="DeploymentException">It cannot be used.</exception>
    public static ContractAddresses ReadFile(string path, ulong chainId)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new FormatException($"it is larger than {MaxBytes} bytes.");
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            var addresses = new ContractAddresses(
                root.GetProperty("chainId").GetUInt64(), Field(root, "token"), Field(root, "nodeRegistry"),
                Field(root, "disputeCourt"), Field(root, "epochRewards"), Field(root, "paymentEscrow"));
            return addresses.ChainId == chainId
                ? addresses
                : throw new FormatException($"it is of chain {addresses.ChainId}.");
        }
        catch (Exception error) when (
            error is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            throw new DeploymentException(
                $"{path} cannot be used: {error.Message} Get it again from where it came, or deploy the contracts again.");
        }
    }

    private static Address Field(JsonElement root, string name) =>
        Address.Parse(root.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null."));
}
