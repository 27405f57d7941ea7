using System.Text.Json.Serialization;
using BTTInferGrid.Silo.Bench;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Chains;
using BTTInferGrid.Silo.Client;
using BTTInferGrid.Silo.Hosting;
using BTTInferGrid.Silo.Wallets;

namespace BTTInferGrid.Silo.Terminal;

/// <summary>What commands print with <c>--format json</c>. Names are a contract, told in docs/cli.md.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ReadyDocument))]
[JsonSerializable(typeof(ModelsDocument))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(RemovedDocument))]
[JsonSerializable(typeof(ModelFileDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(MinerDocument))]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(KeysDocument))]
[JsonSerializable(typeof(RevokedDocument))]
[JsonSerializable(typeof(ChatAnswerDocument))]
[JsonSerializable(typeof(BenchDocument))]
[JsonSerializable(typeof(ContractsDocument))]
[JsonSerializable(typeof(WalletDocument))]
[JsonSerializable(typeof(WalletsDocument))]
[JsonSerializable(typeof(AccountDocument))]
[JsonSerializable(typeof(BalanceDocument))]
[JsonSerializable(typeof(ActionDocument))]
[JsonSerializable(typeof(EstimateDocument))]
internal sealed partial class ResultJson : JsonSerializerContext;
