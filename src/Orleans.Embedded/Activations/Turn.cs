namespace Orleans.Embedded.Activations;

/// <summary>A turn of the runtime itself. It must not throw.</summary>
internal sealed class Turn(Action<Activation> run)
{
    public void Run(Activation activation)
    {
        run(activation);
    }
}
