namespace BTTInferGrid.Chain.Payouts;

/// <summary>Payouts that no tree can have.</summary>
/// <param name="message">What is wrong, and what to do.</param>
public sealed class PayoutException(string message) : Exception(message);
