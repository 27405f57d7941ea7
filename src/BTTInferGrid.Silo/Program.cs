using BTTInferGrid.Silo.Commands;

return await GridCommand.RunAsync(args);
