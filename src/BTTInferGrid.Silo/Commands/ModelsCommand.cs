using System.CommandLine;
using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Terminal;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid models</c>: the models of the home folder, and files on their way there.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "Models: what there is, adding and removing, looking into files.")
    {
        CreateList(), CreateAdd(), CreateRemove(), CreateInspect(), CreateQuantize(),
    };

    private static Command CreateList()
    {
        var home = HomeOption.Create();
        var command = new Command("list", "Lists the added models and the catalogue.") { home };
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, output =>
        {
            var store = StoreOf(parsed, home);
            var added = store.All;
            var entries = CatalogueReader.Read(CatalogueReader.ShippedPath).Models;
            var document = new ModelsDocument(
                [.. added.Select(model => ModelDocument.Of(model, store))],
                [.. entries.Select(entry => CatalogueDocument.Of(entry, added))]);
            output.Write(document, ResultJson.Default.ModelsDocument, models => ModelsText.List(output, models));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateAdd()
    {
        var name = new Argument<string>("NAME") { Description = "A model of the catalogue, or a name of your own." };
        var file = new Option<string?>("--file") { Description = "The GGUF file, or the first of its parts." };
        var id = new Option<string?>("--as") { Description = "Name that clients will use; NAME by default." };
        var link = new Option<bool>("--link") { Description = "Leave the file where it is instead of copying it." };
        var context = new Option<int?>("--context")
        {
            Description = "Most tokens, prompt and answer together, of one request. Default 8192, or what the model can if that is less.",
        };
        var home = HomeOption.Create();
        var command = new Command("add", "Adds a GGUF file to the home folder, and pins its hash.") { name, file, id, link, context, home };
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, async output =>
        {
            using var interrupt = new Interrupt();
            var store = StoreOf(parsed, home);
            var adder = new ModelAdder(store, CatalogueReader.Read(CatalogueReader.ShippedPath));
            var wish = new ModelWish(
                parsed.GetRequiredValue(name), parsed.GetValue(file), parsed.GetValue(id), parsed.GetValue(link), parsed.GetValue(context));
            var model = await Progress.RunAsync(
                output, "Copying and hashing", progress => adder.AddAsync(wish, progress, interrupt.Token));
            output.Write(ModelDocument.Of(model, store), ResultJson.Default.ModelDocument, ModelsText.Added);
        }));
        return command;
    }

    private static Command CreateRemove()
    {
        var id = new Argument<string>("ID") { Description = "An added model." };
        var home = HomeOption.Create();
        var command = new Command("remove", "Forgets an added model and deletes its copy; a linked file stays.") { id, home };
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, output =>
        {
            var store = StoreOf(parsed, home);
            var name = parsed.GetRequiredValue(id);
            using var held = store.Lock();
            var model = store.Find(name) ?? throw new CommandException(
                ExitCode.Failure, "model_not_found", $"No model '{name}' was added. 'bttgrid models list' lists them.");
            store.Unpin(model);
            output.Write(
                new RemovedDocument(model.Id, store.PathOf(model), model.Copied), ResultJson.Default.RemovedDocument, ModelsText.Removed);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateInspect()
    {
        var file = new Argument<string>("FILE") { Description = "A GGUF file, or the first of its parts." };
        var command = new Command("inspect", "Checks a file as a miner does before it loads one, and tells its SHA-256.") { file };
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, async output =>
        {
            using var interrupt = new Interrupt();
            var model = GgufFile.Read(parsed.GetRequiredValue(file));
            var hash = await Progress.RunAsync(
                output, "Hashing", progress => model.HashAsync(new ByteShare(progress, 0, model.Bytes), interrupt.Token));
            output.Write(ModelFileDocument.Of(model, hash), ResultJson.Default.ModelFileDocument, text => ModelsText.File(output, text));
        }));
        return command;
    }

    private static Command CreateQuantize()
    {
        var source = new Argument<string>("IN") { Description = "An F16 or F32 file." };
        var target = new Argument<string>("OUT") { Description = "The file to make." };
        var type = new Option<string>("--type") { Description = "How to store the weights.", Required = true };
        type.AcceptOnlyFromAmong([.. ModelQuantizer.TypeNames.SelectMany(static name => new[] { name.ToLowerInvariant(), name })]);
        var again = new Option<bool>("--again") { Description = "Take a file that is quantised already, which makes it worse." };
        var threads = new Option<int>("--threads") { Description = "CPU threads; 0, the default, takes all." };
        var command = new Command("quantize", "Makes a smaller file of a model.") { source, target, type, again, threads };
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, async output =>
        {
            // Nothing can stop llama.cpp in between, so the first Ctrl-C is kept until it is done, and the second one ends it.
            using var interrupt = new Interrupt();
            using var note = interrupt.Token.Register(
                () => output.Note("It ends when llama.cpp is done; Ctrl-C again ends it now, and leaves a .partial file."));
            var library = LlamaLibrary.Load(new LlamaOptions { Gpu = GpuBackend.None }, NullLogger.Instance);
            var options = new QuantizeOptions { AllowRequantize = parsed.GetValue(again), Threads = parsed.GetValue(threads) };
            var made = await Progress.RunAsync(output, "Quantising", progress => Task.Run(() => ModelQuantizer.Quantize(
                library,
                parsed.GetRequiredValue(source),
                parsed.GetRequiredValue(target),
                ModelQuantizer.TypeNamed(parsed.GetRequiredValue(type)),
                options,
                progress,
                interrupt.Token)));
            output.Write(ModelFileDocument.Of(made, null), ResultJson.Default.ModelFileDocument, text => ModelsText.File(output, text));
        }));
        return command;
    }

    private static ModelStore StoreOf(ParseResult parsed, Option<string?> home) =>
        new(HomeFolder.Find(parsed.GetValue(home), Environment.GetEnvironmentVariable));
}
