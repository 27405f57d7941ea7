namespace BTTInferGrid.Chain.Deployment;

/// <summary>The contracts are not deployed, or not as they should be.</summary>
/// <param name="message">What is wrong, and what to do.</param>
public sealed class DeploymentException(string message) : Exception(message);
