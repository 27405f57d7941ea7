using System.Runtime.CompilerServices;

namespace BTTInferGrid.Inference.Native;

/// <summary>
/// Compares this binding with the loaded library before it is used: a structure that moved by one field would not fail,
/// it would corrupt.
/// </summary>
internal static unsafe class LayoutCheck
{
    /// <summary>The release bound here. Builds name it bare or with a suffix, such as <c>0.5.0-dev</c>.</summary>
    public const string Version = "0.5.0";

    public static void Run(string folder, string version)
    {
        var wrong = new List<string>();
        if (version.TrimStart('v').Split('-')[0] != Version)
        {
            wrong.Add($"llama_version() is '{version}'");
        }
        else
        {
            CheckSizes(wrong);
            CheckModelDefaults(NativeMethods.ModelDefaults(), wrong);
            CheckContextDefaults(NativeMethods.ContextDefaults(), wrong);
            CheckQuantizeDefaults(NativeMethods.QuantizeDefaults(), wrong);
            CheckThreadpoolDefaults(wrong);
        }

        if (wrong.Count > 0)
        {
            throw new LlamaLibraryException(
                $"The libraries in '{folder}' are not llama.cpp {Version}, which this binding is written for: "
                + $"{string.Join("; ", wrong)}. Install the version that package-lock.json names.");
        }
    }

    private static void CheckSizes(List<string> wrong)
    {
        Expect(wrong, "sizeof(llama_model_params)", sizeof(ModelParams), 80);
        Expect(wrong, "sizeof(llama_context_params)", sizeof(ContextParams), 160);
        Expect(wrong, "sizeof(llama_model_quantize_params)", sizeof(QuantizeParams), 64);
        Expect(wrong, "sizeof(llama_batch)", sizeof(LlamaBatch), 56);
        Expect(wrong, "sizeof(llama_chat_message)", sizeof(NativeChatMessage), 16);
        Expect(wrong, "sizeof(ggml_threadpool_params)", sizeof(ThreadpoolParams), 528);
    }

    private static void CheckModelDefaults(ModelParams p, List<string> wrong)
    {
        Expect(wrong, "n_gpu_layers", p.GpuLayers, -1);
        Expect(wrong, "split_mode", p.SplitMode, 1);
        Expect(wrong, "load_mode", p.LoadMode, -1);
        Expect(wrong, "lazy_mode", p.LazyMode, 1);
        Expect(wrong, "main_gpu", p.MainGpu, 0);
        Expect(wrong, "tensor_split", p.TensorSplit, 0);
        Expect(wrong, "kv_overrides", p.KeyValueOverrides, 0);
        Expect(wrong, "vocab_only", p.VocabularyOnly, 0);
        Expect(wrong, "use_extra_bufts", p.UseExtraBuffers, 1);
        Expect(wrong, "load_mtp", p.LoadMtp, 0);
    }

    private static void CheckContextDefaults(ContextParams p, List<string> wrong)
    {
        Expect(wrong, "n_ctx", p.Context, 512u);
        Expect(wrong, "n_batch", p.Batch, 2048u);
        Expect(wrong, "n_ubatch", p.MicroBatch, 512u);
        Expect(wrong, "n_seq_max", p.MaxSequences, 1u);
        Expect(wrong, "n_outputs_max", p.MaxOutputs, 0u);
        Expect(wrong, "n_outputs_max_per_seq", p.MaxOutputsPerSequence, 1u);
        Expect(wrong, "n_threads", p.Threads, 4);
        Expect(wrong, "n_threads_batch", p.BatchThreads, 4);
        Expect(wrong, "rope_scaling_type", p.RopeScalingType, -1);
        Expect(wrong, "pooling_type", p.PoolingType, -1);
        Expect(wrong, "attention_type", p.AttentionType, -1);
        Expect(wrong, "flash_attn_type", p.FlashAttention, -1);
        Expect(wrong, "yarn_ext_factor", p.YarnExtFactor, -1f);
        Expect(wrong, "yarn_beta_slow", p.YarnBetaSlow, -1f);
        Expect(wrong, "defrag_thold", p.DefragThreshold, -1f);
        Expect(wrong, "cb_eval", p.EvalCallback, 0);
        Expect(wrong, "type_k", p.KeyType, 1);
        Expect(wrong, "type_v", p.ValueType, 1);
        Expect(wrong, "abort_callback", p.AbortCallback, 0);
        Expect(wrong, "embeddings", p.Embeddings, 0);
        Expect(wrong, "offload_kqv", p.OffloadKqv, 1);
        Expect(wrong, "no_perf", p.NoPerf, 1);
        Expect(wrong, "op_offload", p.OffloadOperations, 1);
        Expect(wrong, "swa_full", p.SlidingWindowFull, 1);
        Expect(wrong, "kv_unified", p.UnifiedCache, 0);
        Expect(wrong, "samplers", p.Samplers, 0);
        Expect(wrong, "n_samplers", p.SamplerCount, 0u);
        Expect(wrong, "ctx_other", p.OtherContext, 0);
    }

    private static void CheckQuantizeDefaults(QuantizeParams p, List<string> wrong)
    {
        Expect(wrong, "quantize nthread", p.Threads, 0);
        Expect(wrong, "quantize ftype", p.FileType, 7);
        Expect(wrong, "quantize output_tensor_type", p.OutputTensorType, 43);
        Expect(wrong, "quantize allow_requantize", p.AllowRequantize, 0);
        Expect(wrong, "quantize quantize_output_tensor", p.QuantizeOutputTensor, 1);
        Expect(wrong, "quantize dry_run", p.DryRun, 0);
        Expect(wrong, "quantize imatrix", p.ImportanceMatrix, 0);
        Expect(wrong, "quantize prune_layers", p.PruneLayers, 0);
        Expect(wrong, "quantize max_buf_size", p.MostBufferBytes, (nuint)8 << 30);
    }

    private static void CheckThreadpoolDefaults(List<string> wrong)
    {
        Unsafe.SkipInit(out ThreadpoolParams p);
        NativeMethods.ThreadpoolDefaults(&p, 3);
        Expect(wrong, "threadpool n_threads", p.Threads, 3);
        Expect(wrong, "threadpool prio", p.Priority, 0);
        Expect(wrong, "threadpool poll", p.Poll, 50u);
        Expect(wrong, "threadpool strict_cpu", p.StrictCpu, 0);
        Expect(wrong, "threadpool paused", p.Paused, 0);
    }

    private static void Expect<T>(List<string> wrong, string name, T actual, T expected)
        where T : IEquatable<T>
    {
        if (!actual.Equals(expected))
        {
            wrong.Add($"{name} is {actual} instead of {expected}");
        }
    }
}
