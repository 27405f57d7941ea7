using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;

namespace BTTInferGrid;

/// <summary>
/// The keys of grains that have stored state: a prefix of their own, then the id. Orleans' ADO.NET storage keys records by
/// the name of the state and the grain's key, and reads a key of hex digits as a number, so that <c>0a</c> and <c>A</c>
/// would be one record; with a prefix no id can be read so. These grains are asked for here and nowhere else.
/// </summary>
public static class GrainKeys
{
    extension(IGrainFactory grains)
    {
        /// <summary>The grain of an account.</summary>
        /// <param name="id">Id of the account.</param>
        public IAccountGrain GetAccount(string id) => grains.GetGrain<IAccountGrain>(IAccountGrain.KeyPrefix + id);

        /// <summary>The grain of an API key.</summary>
        /// <param name="hash">Hash of the API key, see <see cref="NewApiKey.Hash"/>.</param>
        public IApiKeyGrain GetApiKey(string hash) => grains.GetGrain<IApiKeyGrain>(IApiKeyGrain.KeyPrefix + hash);

        /// <summary>The grain of a miner.</summary>
        /// <param name="id">Id of the miner.</param>
        public IMinerGrain GetMiner(string id) => grains.GetGrain<IMinerGrain>(IMinerGrain.KeyPrefix + id);
    }

    /// <summary>The id in the key of such a grain.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="prefix">The prefix of the grain's interface.</param>
    public static string IdAfter(this IAddressable grain, string prefix) => grain.GetPrimaryKeyString()[prefix.Length..];
}
