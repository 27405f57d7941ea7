namespace BTTInferGrid.Silo.Chains;

/// <summary>What was done, or would be, for people.</summary>
internal static class ActionText
{
    public static string Of(ActionDocument action) => string.Join('\n', [
        .. action.Transactions.Select(static one =>
            $"{one.Step}: transaction {one.Hash} in block {one.Block}{GasOf(one.GasUsed)}{FeeOf(one.Fee)}"),
        .. action.Earlier.Select(static one => $"Wanted by an earlier command: {one.Action}, {one.State} {one.Hash}"),
    ]);

    public static string Of(EstimateDocument estimate) => string.Join('\n', estimate.Steps.Select(static one => one.Gas is null
        ? $"{one.Step}: {one.Call} of {one.Contract}, whose gas can be told when the steps before are done"
        : $"{one.Step}: {one.Call} of {one.Contract}, {one.Gas} gas{FeeOf(one.Fee)}")) + "\nNothing was sent.";

    private static string GasOf(ulong? gas) => gas is null ? "" : $", {gas} gas";

    private static string FeeOf(string? wei) => wei is null ? "" : $", {ChainText.Btt(wei)} BTT";
}
