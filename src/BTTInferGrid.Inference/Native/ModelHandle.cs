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
    public static ModelHandle Load(string path, bool vocabularyOnly)
    {
        GgufFile.Read(path);
        var parameters = NativeMethods.ModelDefaults();
        parameters.VocabularyOnly = (byte)(vocabularyOnly ? 1 : 0);
        LlamaLog.TakeLastError();
        var model = NativeMethods.ModelLoad(path, parameters);
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
