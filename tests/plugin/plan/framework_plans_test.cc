#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "plugin/plan/plan_reader.h"

namespace isoflop {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

const std::string kPlans = ISOFLOP_TEST_DATA "/plans/";

PlanText Read(const std::string& file) {
  std::ifstream stream(kPlans + file);
  std::ostringstream text;
  text << stream.rdbuf();
  return {file, text.str()};
}

PlannedRun RunOf(const std::string& file, const std::string& beside = "") {
  const PlanText plan = Read(file), other = beside.empty() ? PlanText{} : Read(beside);
  PlanReading reading = ReadPlan(plan.text, plan.file, beside.empty() ? nullptr : &other);
  for (const PlanProblem& problem : reading.problems) ADD_FAILURE() << ProblemText(problem);
  return reading.runs.empty() ? PlannedRun{} : std::move(reading.runs[0]);
}

double Size(const PlannedRun& run) { return ParameterCountIn(run, ParameterConvention::kTotal).value_or(0); }

TEST(FrameworkPlanTest, HuggingFacesConfigurationGoesWithTheArgumentsBesideIt) {
  // Pythia 160M: Biderman et al. 2023 (arXiv 2304.01373), table 1 and section 2.1: 143,000 steps of 2,097,152 tokens are 299,892,736,000; table 6.
  const PlannedRun run = RunOf("hugging_face/pythia-160m/config.json", "hugging_face/pythia-160m/training_args.yaml");
  EXPECT_EQ(run.name, "pythia-160m");
  EXPECT_EQ(run.study, "pythia");
  EXPECT_EQ(Size(run), 162322944);
  EXPECT_EQ(run.token_count, 299892736000);
  EXPECT_EQ(run.batch_token_count, 2097152);
  EXPECT_EQ(run.learning_rate, 6e-4);
  EXPECT_EQ(run.schedule, ScheduleForm::kCosine);
  EXPECT_EQ(run.final_learning_rate_share, .1);
  EXPECT_EQ(run.warm_up_step_count, 1430);
  EXPECT_EQ(run.cost_model.gpu_count, 32);
  EXPECT_EQ(run.cost_model.unique_token_count, 207e9);
  EXPECT_EQ(PlaceText(SourceOf(run, "learning_rate").place), "hugging_face/pythia-160m/training_args.yaml:8:1");
  EXPECT_EQ(PlaceText(SourceOf(run, "parameter_count").place), "hugging_face/pythia-160m/config.json:6:3");
  EXPECT_EQ(SourceOf(run, "token_count").key, "max_steps");
}

TEST(FrameworkPlanTest, HuggingFacesConfigurationMayHoldTheArgumentsItself) {
  const PlannedRun run = RunOf("hugging_face/one_document/config.json");
  EXPECT_EQ(run.name, "tiny-llama");
  EXPECT_EQ(Size(run), 1100048384);  // The released file of TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T.
  EXPECT_EQ(run.token_count, 3e12);  // Three epochs of 1 T.
  EXPECT_EQ(run.batch_token_count, 8.0 * 4 * 16 * 2048);
  EXPECT_EQ(run.schedule, ScheduleForm::kLinear);
  EXPECT_EQ(run.warm_up_step_count, 2000);
}

TEST(FrameworkPlanTest, LitgptNamesItsNetworkAndCountsSequencesOverAllDevices) {
  const PlannedRun run = RunOf("litgpt/tinyllama.yaml");
  EXPECT_EQ(run.name, "tinyllama");
  EXPECT_EQ(Size(run), 1100048384);  // "Total parameters: 1,100,048,384", tutorials/pretrain_tinyllama.md.
  EXPECT_EQ(run.token_count, 3e12);
  EXPECT_EQ(run.batch_token_count, 512 * 2048);
  EXPECT_EQ(run.learning_rate, 4e-4);
  EXPECT_EQ(run.schedule, ScheduleForm::kCosine);
  EXPECT_DOUBLE_EQ(*run.final_learning_rate_share, .1);
  EXPECT_EQ(run.warm_up_step_count, 2000);
  EXPECT_EQ(run.cost_model.unique_token_count, 950e9);
  EXPECT_FALSE(run.cost_model.gpu_count);
  EXPECT_EQ(PlaceText(SourceOf(run, "token_count").place), "litgpt/tinyllama.yaml:19:3");
  EXPECT_EQ(SourceOf(run, "learning_rate").key, "optimizer.init_args.lr");
}

TEST(FrameworkPlanTest, LitgptMayDescribeItsNetwork) {
  const PlannedRun run = RunOf("litgpt/described.yaml");
  // 12 layers of 12 w^2 weights, 25 LayerNorms, and 50304 rows that are embedding and head alike.
  EXPECT_EQ(Size(run), 12.0 * 12 * 768 * 768 + 25 * 2 * 768 + 50304 * 768);
  EXPECT_EQ(run.token_count, 3e11);
  EXPECT_EQ(run.batch_token_count, 480 * 1024);
  EXPECT_EQ(run.cost_model.gpu_count, 16);
}

TEST(FrameworkPlanTest, MegatronsScriptIsReadWithItsVariablesAndInSamples) {
  const PlannedRun run = RunOf("megatron/train_gpt3_175b.sh");
  EXPECT_NEAR(Size(run), 174.6e9, .05e9);  // Narayanan et al. 2021 (arXiv 2104.04473), table 2.
  EXPECT_EQ(run.token_count, 146484375.0 * 2048);  // 300 B.
  EXPECT_FALSE(run.step_count);                    // The batch grows.
  EXPECT_EQ(run.batch_token_count, 1536 * 2048);
  EXPECT_EQ(run.learning_rate, 6e-5);
  EXPECT_DOUBLE_EQ(*run.final_learning_rate_share, .1);
  EXPECT_EQ(PlaceText(SourceOf(run, "learning_rate").place), "megatron/train_gpt3_175b.sh:45:5");
  EXPECT_EQ(SourceOf(run, "learning_rate").key, "--lr");
}

TEST(FrameworkPlanTest, MegatronsArgumentsMayStandInTextAndInBranches) {
  const PlannedRun run = RunOf("megatron/train_llama3_8b.sh");
  EXPECT_EQ(Size(run), 8030261248);  // The released file of Llama 3 8B.
  EXPECT_EQ(run.token_count, 1e5 * 128 * 8192);
  EXPECT_EQ(run.learning_rate, 1.5e-4);
  EXPECT_EQ(run.warm_up_step_count, 1000);
  EXPECT_EQ(PlaceText(SourceOf(run, "sequence_length").place), "megatron/train_llama3_8b.sh:8:5");
}

TEST(FrameworkPlanTest, MegatronsYamlIsReadLikeItsArguments) {
  const PlannedRun run = RunOf("megatron/gpt_345m.yaml");
  EXPECT_EQ(Size(run), 354871296);  // What Megatron-LM prints for this network, padded to 50304 words.
  EXPECT_EQ(run.token_count, 5e5 * 32 * 1024);
  EXPECT_EQ(run.warm_up_step_count, 3200);
  EXPECT_EQ(run.schedule, ScheduleForm::kCosine);
}

TEST(FrameworkPlanTest, ADumpMayHoldTagsAndAnchorsWhereNobodyLooks) {
  std::string dump = Read("megatron/gpt_345m.yaml").text + "params_dtype: !!python/name:torch.float16 ''\ndata_path: &id001 [a]\ntrain_data_path: *id001\n";
  EXPECT_EQ(ReadPlan(dump, "a.yaml").runs.size(), 1u);
  dump.replace(dump.find("lr: 0.00015"), 11, "lr: !!python/object:numpy.float64 x");
  const PlanReading reading = ReadPlan(dump, "a.yaml");
  ASSERT_EQ(reading.problems.size(), 1u);
  EXPECT_EQ(ProblemText(reading.problems[0]), "a.yaml:12:5: lr must be a plain value, got one tagged tag:yaml.org,2002:python/object:numpy.float64");
}

TEST(FrameworkPlanTest, NanogptsConfigurationStandsOverItsDefaults) {
  const PlannedRun run = RunOf("nanogpt/train_gpt2.py");
  // "number of parameters: 123.59M", which leaves out 1024 positions.
  EXPECT_NEAR(Size(run) - 1024 * 768, 123.59e6, .005e6);
  EXPECT_EQ(run.batch_token_count, 491520);        // "12 batch size * 1024 block size * 5 gradaccum * 8 GPUs = 491,520"
  EXPECT_EQ(run.token_count, 600000.0 * 491520);   // "300B"
  EXPECT_EQ(run.learning_rate, 6e-4);
  EXPECT_EQ(run.schedule, ScheduleForm::kCosine);
  EXPECT_EQ(PlaceText(SourceOf(run, "step_count").place), "nanogpt/train_gpt2.py:16:1");
  EXPECT_TRUE(SourceOf(run, "layer_count").derived);
}

TEST(FrameworkPlanTest, NanogptsVocabularyOfCharactersIsSaidInAComment) {
  const PlannedRun run = RunOf("nanogpt/train_shakespeare_char.py");
  EXPECT_EQ(run.study, "shakespeare");
  EXPECT_NEAR(Size(run) - 256 * 384, 10.65e6, .005e6);  // "number of parameters: 10.65M"
  EXPECT_EQ(run.token_count, 5000 * 64 * 256);
  EXPECT_DOUBLE_EQ(*run.final_learning_rate_share, .1);
}

TEST(FrameworkPlanTest, TorchtitanNamesItsNetworkByFlavor) {
  const PlannedRun run = RunOf("torchtitan/llama3_8b.toml");
  EXPECT_EQ(Size(run), 8030261248);  // The released file of Llama 3 8B.
  EXPECT_EQ(run.batch_token_count, 64 * 8192);
  EXPECT_EQ(run.token_count, 1000 * 64 * 8192);
  EXPECT_EQ(run.learning_rate, 3e-4);
  EXPECT_EQ(run.warm_up_step_count, 200);
  EXPECT_EQ(run.cost_model.utilisation, .4);
  EXPECT_EQ(PlaceText(SourceOf(run, "parameter_count").place), "torchtitan/llama3_8b.toml:17:1");
  EXPECT_EQ(PlaceText(SourceOf(run, "learning_rate").place), "torchtitan/llama3_8b.toml:23:1");
  EXPECT_EQ(PlaceText(SourceOf(run, "gpu_count").place), "torchtitan/llama3_8b.toml:1:23");
  const PlannedRun qwen = RunOf("torchtitan/qwen3_0.6b.toml");
  EXPECT_EQ(Size(qwen), 596049920);
  EXPECT_EQ(qwen.token_count, 10000.0 * 256 * 4096);
  EXPECT_EQ(qwen.schedule, ScheduleForm::kWarmUpStableDecay);
}

struct Malformed {
  std::string file, text;
  std::vector<std::string> problems;  // All, in order.
};

void ExpectProblems(const std::vector<Malformed>& rows) {
  for (const Malformed& row : rows) {
    const PlanReading reading = ReadPlan(row.text, row.file);
    std::vector<std::string> problems;
    for (const PlanProblem& problem : reading.problems) problems.push_back(ProblemText(problem));
    EXPECT_THAT(problems, ElementsAreArray(row.problems)) << row.text.substr(0, 200);
    EXPECT_THAT(reading.runs, IsEmpty());
  }
}

const char kTitan[] = "[training]\nsteps = 10\nseq_len = 8\nglobal_batch_size = 4\n[model]\nname = \"llama3\"\n";
const char kNano[] = "max_iters = 10\n";
const char kMegatron[] = "--num-layers 2 --hidden-size 64 --num-attention-heads 4 --seq-length 8 --position-embedding-type rope --global-batch-size 4 \\\n";
const std::string kFormats =
    "is none of the formats that are known: a plan of isoflop's own (`isoflop plan schema`), Hugging Face's config.json with training arguments, litgpt's YAML, Megatron-LM's "
    "arguments (shell or YAML), nanoGPT's configuration (Python), torchtitan's TOML";

TEST(MalformedFrameworkPlanTest, TorchtitansProblemsHaveTheirPlace) {
  ExpectProblems({
      {"a.toml", "[training\n", {"a.toml:1:10: Error while parsing table header: expected ']', saw '\\n'"}},
      {"a.toml", "x = 1\n", {"a.toml: " + kFormats}},
      {"a.toml", std::string(kTitan) + "flavor = \"9B\"\n",
       {"a.toml:7:1: model.flavor \"9B\" is none whose network is known here (8B, 70B, 405B): add `# isoflop: architecture: {layer_count: ..., ...}`"}},
      {"a.toml", std::string(kTitan) + "flavor = \"8B\"\n[optimizer]\nlr = \"high\"\n",
       {"a.toml:9:6: optimizer.lr must be a number such as 1.3e9, got \"high\""}},
      {"a.toml", "[training]\nsteps = 1.5\nseq_len = 8\nlocal_batch_size = 4\n[model]\nname = \"llama3\"\nflavor = \"8B\"\n",
       {"a.toml:2:9: training.steps must be a whole number, got 1.5",
        "a.toml:4:1: training.local_batch_size is of one device: give training.global_batch_size, parallelism.data_parallel_shard_degree, or `# isoflop: hardware: {gpu_count: ...}`"}},
      {"a.toml", "# isoflop: studdy: x\n" + std::string(kTitan) + "flavor = \"8B\"\n", {"a.toml:1:12: studdy is not a field of plans; did you mean study?"}},
      {"a.toml", std::string(2000, 'a') + std::string(2000, '.'), {"a.toml:1:1: a line of TOML must hold at most 1000 dots"}},
      {"a.toml", "x = " + std::string(100000, '['), {"a.toml:1:261: Error while parsing value: exceeded maximum nested value depth of 256 (TOML_MAX_NESTED_VALUES)"}},
  });
}

TEST(MalformedFrameworkPlanTest, LitgptsProblemsHaveTheirPlace) {
  ExpectProblems({
      {"a.yaml", "model_name: pythia-1B\ntrain: {max_tokens: 1000, global_batch_size: 4}\n",
       {"a.yaml:1:1: model_name \"pythia-1B\" is none whose network is known here; did you mean pythia-1b? Else describe it under model_config"}},
      {"a.yaml", "model_name: pythia-1b\ntrain: {max_tokens: lots, global_batch_size: 4}\n", {"a.yaml:2:21: train.max_tokens must be a number such as 1.3e9 or 1.3B, got \"lots\""}},
      {"a.yaml", "model_name: pythia-1b\ninitial_checkpoint_dir: checkpoints/x\ntrain: {global_batch_size: 4}\n",
       {"a.yaml:1:1: train.max_tokens must be given", "a.yaml:2:1: initial_checkpoint_dir must not be set: a law of training does not judge how a trained model goes on"}},
  });
}

TEST(MalformedFrameworkPlanTest, MegatronsProblemsHaveTheirPlace) {
  const std::string vocabulary = "the vocabulary stands in the tokenizer's files: give --vocab-size, or the padded one by a line `# isoflop: architecture: {vocabulary_size: ...}`";
  ExpectProblems({
      {"a.sh", "echo hello\n", {"a.sh: " + kFormats}},
      {"a.sh", std::string(kMegatron) + "--train-iters 10 --tokenizer-type GPT2BPETokenizer\n", {"a.sh:2:18: " + vocabulary}},
      {"a.sh", std::string(kMegatron) + "--train-iters $1 --vocab-size 100\n", {"a.sh:2:15: --train-iters must have a value that the file tells, got $1"}},
      {"a.sh", std::string(kMegatron) + "--train-iters 10 --vocab-size 100 --lr 1e-4 --lr 2e-4\n", {"a.sh:2:50: --lr must be given once, got \"1e-4\" and \"2e-4\""}},
      {"a.sh", std::string(kMegatron) + "--train-iters 10 --vocab-size 100 --rampup-batch-size 1 1 10\n",
       {"a.sh:2:35: rampup_batch_size needs train_samples: with train_iters Megatron takes none"}},
      {"a.sh", std::string(kMegatron) + "--train-iters 10 --vocab-size 100 --multi-latent-attention\n",
       {"a.sh:2:35: --multi-latent-attention makes a network that is not counted here: say its size by a line `# isoflop: parameter_count: ...`"}},
  });
}

TEST(MalformedFrameworkPlanTest, NanogptsProblemsHaveTheirPlace) {
  ExpectProblems({
      {"a.py", "print(1)\n", {"a.py: " + kFormats}},
      {"a.py", std::string(kNano) + "n_layer = layers()\n", {"a.py:2:1: n_layer must be a number, text or a product of numbers: the file is read, not run"}},
      {"a.py", std::string(kNano) + "if big:\n    n_layer = 48\n", {"a.py:3:5: n_layer must be set outside of any block: the file is read, not run"}},
      {"a.py", std::string(kNano) + "from config.base import *\n", {"a.py:2:1: a configuration must set its values itself: the file is read, not run"}},
      {"a.py", std::string(kNano) + "n_head = 7\n", {"a.py:2:1: architecture: head_count must divide model_width where head_width is not given, got 7"}},
      {"a.py", std::string(kNano) + "init_from = 'gpt2-xl'\n",
       {"a.py:2:1: init_from must be \"scratch\", got \"gpt2-xl\": a law of training does not judge how a trained model goes on"}},
      {"a.py", std::string(kNano) + "dataset = 'shakespeare_char'\n",
       {"a.py:2:1: the vocabulary of shakespeare_char stands in its meta.pkl: add a line `# isoflop: architecture: {vocabulary_size: ...}`"}},
  });
}

TEST(MalformedFrameworkPlanTest, HuggingFacesProblemsHaveTheirPlace) {
  const std::string network = "{\"model_type\": \"llama\", \"hidden_size\": 64, \"num_hidden_layers\": 2, \"num_attention_heads\": 4, \"vocab_size\": 100,\n";
  const std::string no_length =
      "a.json:1:1: the length of sequences must be given (block_size, max_length, or sequence_length under \"isoflop\"): max_position_embeddings is only its limit";
  const std::string no_tokens = "max_steps must be given, or num_train_epochs with unique_token_count under \"isoflop\"";
  ExpectProblems({
      {"a.json", network + "\"max_position_embeddings\": 2048}",
       {"a.json:1:1: " + no_tokens, "a.json:1:1: per_device_train_batch_size must be given, in the same file, in training_args.json or training_args.yaml beside it", no_length}},
      {"a.json", network + "\"per_device_train_batch_size\": 8, \"num_train_epochs\": 3, \"block_size\": 2048}",
       {"a.json:2:1: per_device_train_batch_size is of one device: give world_size, or hardware.gpu_count under \"isoflop\"", "a.json:2:35: " + no_tokens}},
      {"a.yaml", "model_type: llama\nisoflop: {study: &a x, name: *a, parameter_count: 1B}\nper_device_train_batch_size: 8\nworld_size: 2\nmax_steps: 10\nblock_size: 8\n",
       {"a.yaml:2:30: name must be written out: aliases are not followed"}},
      {"a.json", "{\"model_type\": \"lama\", \"per_device_train_batch_size\": 8, \"world_size\": 2, \"max_steps\": 10, \"block_size\": 2048}",
       {"a.json:1:2: model_type \"lama\" is none whose network is counted here; did you mean llama? Else say its size by \"isoflop\": {\"parameter_count\": ...}"}},
  });
}

TEST(MalformedFrameworkPlanTest, NoFileIsTakenForWhatItIsNot) {
  ExpectProblems({
      {"a.yaml", "services:\n  web: {image: x}\n", {"a.yaml:1:1: " + kFormats}},
      {"standard input", "x = 1\n", {"standard input: " + kFormats}},
  });
}

}  // namespace
}  // namespace isoflop
