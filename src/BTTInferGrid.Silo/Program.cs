using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Hosting;

InterruptSignal.Restore();
return await GridCommand.RunAsync(args);
