using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace BTTInferGrid.Inference.Native;

/// <summary>
/// The functions of llama.cpp and ggml that this project calls. <see cref="LibraryFiles"/> resolves the names.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const string Llama = "llama";
    public const string Ggml = "ggml";
    public const string GgmlBase = "ggml-base";

    [LibraryImport(Llama, EntryPoint = "llama_version")]
    public static partial byte* Version();

    [LibraryImport(Llama, EntryPoint = "llama_backend_init")]
    public static partial void BackendInit();

    [LibraryImport(Llama, EntryPoint = "llama_log_set")]
    public static partial void LogSet(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* data);

    [LibraryImport(Llama, EntryPoint = "llama_model_default_params")]
    public static partial ModelParams ModelDefaults();

    [LibraryImport(Llama, EntryPoint = "llama_context_default_params")]
    public static partial ContextParams ContextDefaults();

    [LibraryImport(Llama, EntryPoint = "llama_model_load_from_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ModelLoad(string path, ModelParams parameters);

    [LibraryImport(Llama, EntryPoint = "llama_model_free")]
    public static partial void ModelFree(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_model_get_vocab")]
    public static partial nint ModelVocabulary(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_model_chat_template")]
    public static partial byte* ModelChatTemplate(nint model, byte* name);

    [LibraryImport(Llama, EntryPoint = "llama_model_meta_val_str", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ModelMetadata(nint model, string key, byte* buffer, nuint size);

    [LibraryImport(Llama, EntryPoint = "llama_model_has_encoder")]
    public static partial byte ModelHasEncoder(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_model_quantize_default_params")]
    public static partial QuantizeParams QuantizeDefaults();

    [LibraryImport(Llama, EntryPoint = "llama_model_quantize", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint ModelQuantize(string source, string target, QuantizeParams* parameters);

    [LibraryImport(Llama, EntryPoint = "llama_init_from_model")]
    public static partial nint ContextCreate(nint model, ContextParams parameters);

    [LibraryImport(Llama, EntryPoint = "llama_free")]
    public static partial void ContextFree(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_n_ctx")]
    public static partial uint ContextTokens(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_n_batch")]
    public static partial uint ContextBatch(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_attach_threadpool")]
    public static partial void AttachThreadpool(nint context, nint threadpool, nint batchThreadpool);

    [LibraryImport(Llama, EntryPoint = "llama_model_is_recurrent")]
    public static partial byte ModelIsRecurrent(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_model_is_hybrid")]
    public static partial byte ModelIsHybrid(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_get_memory")]
    public static partial nint Memory(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_memory_seq_rm")]
    public static partial byte MemoryRemove(nint memory, int sequence, int from, int to);

    [LibraryImport(Llama, EntryPoint = "llama_memory_clear")]
    public static partial void MemoryClear(nint memory, byte data);

    [LibraryImport(Llama, EntryPoint = "llama_memory_seq_cp")]
    public static partial void MemoryShare(nint memory, int source, int target, int from, int to);

    [LibraryImport(Llama, EntryPoint = "llama_batch_init")]
    public static partial LlamaBatch BatchCreate(int tokens, int embedding, int maxSequencesPerToken);

    [LibraryImport(Llama, EntryPoint = "llama_batch_free")]
    public static partial void BatchFree(LlamaBatch batch);

    [LibraryImport(Llama, EntryPoint = "llama_decode")]
    public static partial int Decode(nint context, LlamaBatch batch);

    [LibraryImport(Llama, EntryPoint = "llama_get_logits_ith")]
    public static partial float* Logits(nint context, int index);

    [LibraryImport(Llama, EntryPoint = "llama_model_n_embd_out")]
    public static partial int EmbeddingSize(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_pooling_type")]
    public static partial int PoolingType(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_get_embeddings_seq")]
    public static partial float* SequenceEmbedding(nint context, int sequence);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_type")]
    public static partial int VocabularyType(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_n_tokens")]
    public static partial int VocabularySize(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_get_attr")]
    public static partial int TokenAttributes(nint vocabulary, int token);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_get_text")]
    public static partial byte* TokenName(nint vocabulary, int token);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_is_eog")]
    public static partial byte TokenEndsGeneration(nint vocabulary, int token);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_bos")]
    public static partial int StartToken(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_get_add_bos")]
    public static partial byte AddsStartToken(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_sep")]
    public static partial int SeparatorToken(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_get_add_sep")]
    public static partial byte AddsSeparatorToken(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_eos")]
    public static partial int EndToken(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_get_add_eos")]
    public static partial byte AddsEndToken(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_token_to_piece")]
    public static partial int TokenPiece(
        nint vocabulary, int token, byte* buffer, int length, int skippedSpaces, byte special);

    [LibraryImport(Llama, EntryPoint = "llama_tokenize")]
    public static partial int Tokenize(
        nint vocabulary, byte* text, int length, int* tokens, int capacity, byte addSpecial, byte parseSpecial);

    [LibraryImport(Llama, EntryPoint = "llama_chat_apply_template")]
    public static partial int ApplyTemplate(
        byte* template, NativeChatMessage* messages, nuint count, byte addAssistant, byte* buffer, int length);

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BackendLoad(string path);

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_unload")]
    public static partial void BackendUnload(nint registration);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_reg_dev_count")]
    public static partial nuint BackendDevices(nint registration);

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_dev_count")]
    public static partial nuint DeviceCount();

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_dev_get")]
    public static partial nint Device(nuint index);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_dev_name")]
    public static partial byte* DeviceName(nint device);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_dev_description")]
    public static partial byte* DeviceDescription(nint device);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_dev_type")]
    public static partial int DeviceType(nint device);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_dev_memory")]
    public static partial void DeviceMemory(nint device, nuint* free, nuint* total);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_reg_get_proc_address",
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BackendFunction(nint registration, string name);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_threadpool_params_init")]
    public static partial void ThreadpoolDefaults(ThreadpoolParams* parameters, int threads);
}
