using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Keys;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>The account of the person who runs the grid. Its first key is the one in the home folder.</summary>
internal static class DeveloperAccount
{
    private const string Id = "dev";

    /// <summary>Registers the key with the grid, unless it is registered.</summary>
    /// <param name="grains">The grid.</param>
    /// <param name="key">The key.</param>
    /// <param name="path">Where the key is kept.</param>
    /// <exception cref="StartException">The key was revoked.</exception>
    public static async Task RegisterAsync(IGrainFactory grains, string key, string path)
    {
        try
        {
            await grains.GetAccount(Id).CreateKey(new NewApiKey(
                ApiKey.Hash(key),
                $"developer key of {Environment.MachineName}",
                ApiKeyScopes.Inference | ApiKeyScopes.Admin,
                ExpiresAt: null,
                ApiKeyLimits.None));
        }
        catch (RequestRefusedException refused)
        {
            throw new StartException(
                $"The API key in {path} cannot be used: {refused.Message} Remove the file to have a new key made.", refused);
        }
    }
}
