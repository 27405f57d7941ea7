using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference.Native;

/// <summary>A loaded model: its weights, or its vocabulary only.</summary>
internal sealed class ModelHandle : SafeHandle
{
    private ModelHandle(nint model)
        : base(0, ownsHandle: true) => SetHandle(model);

    public override bool IsInvalid => handle == 0;

    /// <exception cref="ModelFileException">
    /// The file is missing, damaged, or of a kind llama.cpp does not know.
    /// </exception>
    /// <exception cref="InvalidParameterException">There is no such device.</exception>
    public static unsafe ModelHandle Load(string path, bool vocabularyOnly, DevicePlacement? placement = null)
    {
        var (gpuLayers, _) = placement ?? DevicePlacement.Default;
        GgufFile.Read(path);
        var parameters = NativeMethods.ModelDefaults();
        parameters.VocabularyOnly = (byte)(vocabularyOnly ? 1 : 0);
        parameters.GpuLayers = gpuLayers;
        LlamaLog.TakeLastError();
        nint model;
        fixed (nint* devices = placement?.Devices())
        {
            parameters.Devices = (nint)devices;
            model = NativeMethods.ModelLoad(path, parameters);
        }

        return model != 0
            ? new ModelHandle(model)
            : throw new ModelFileException(path, LlamaLog.TakeLastError() ?? "llama.cpp refused it without a reason");
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.ModelFree(handle);
        return true;
    }
}
