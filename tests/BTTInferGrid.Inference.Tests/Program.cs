using BTTInferGrid.Inference.Tests.Models.Fuzzing;
using BTTInferGrid.Inference.Tests.Native;

// The tests run in a test host; this is what the processes run that tests start.
return args switch
{
    [LoadingProcess.Command, .. var paths] => await LoadingProcess.MainAsync(paths),
    [GpuBackendTests.Command, var gpu, var folder] => GpuBackendTests.Describe(gpu, folder),
    _ => 2,
};
