using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference.Native;

/// <summary>A loaded model: its weights, or its vocabulary only.</summary>
internal sealed class ModelHandle : SafeHandle
{
    private ModelHandle(nint model)
        : base(0, ownsHandle: true) => SetHandle(model);

    public override bool IsInvalid => handle == 0;

    /// <summary>Loads the tokens of a model without its weights.</summary>
    /// <exception cref="ModelFileException">
    /// The file is missing, damaged, or of a kind llama.cpp does not know.
    /// </exception>
    public static ModelHandle LoadVocabulary(string path) => Load(path, vocabularyOnly: true, null);

    /// <summary>Loads a model that decodes alone, which is all that is run here.</summary>
    /// <exception cref="ModelFileException">
    /// The file is missing, damaged, or of a kind llama.cpp does not know, or the model has an encoder.
    /// </exception>
    /// <exception cref="InvalidParameterException">There is no such device.</exception>
    public static ModelHandle LoadDecoder(string path, DevicePlacement? placement = null)
    {
        var model = Load(path, vocabularyOnly: false, placement);
        if (NativeMethods.ModelHasEncoder(model.handle) == 0)
        {
            return model;
        }

        model.Dispose();
        throw new ModelFileException(path, "it has an encoder beside a decoder, which is not supported");
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.ModelFree(handle);
        return true;
    }

    private static unsafe ModelHandle Load(string path, bool vocabularyOnly, DevicePlacement? placement)
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
}
