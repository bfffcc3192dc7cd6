using Dske.Hub.Endpoints;
using Dske.Hub.Hosting;
using Dske.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(options => options.Describe(builder.Configuration));
builder.AddHub();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapHub();
return await app.RunNodeAsync();
