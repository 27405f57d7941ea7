using BTTInferGrid.Inference.Tests.Models.Fuzzing;

// The tests run in a test host; this is what the processes run that tests start.
return args is [LoadingProcess.Command, .. var paths] ? await LoadingProcess.MainAsync(paths) : 2;
