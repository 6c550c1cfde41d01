// Reads one question a line, answers with one line: see survey_core.py.
const { Model, ExpressionRunner, ConditionsParser } = require(process.argv[2]);

// Nobody answers a question that they do not see.
const isShown = (element) => !element || (element.isVisible && isShown(element.parent));

const does = {
  // What survey-core understands of a survey: its errors, what it would save, how many questions.
  load({ survey }) {
    const model = new Model(survey);
    return { errors: model.jsonErrors, json: model.toJSON(), questions: model.getAllQuestions(false, false, true).length };
  },
  // Whether an expression holds for these answers; null where it is none.
  holds({ expression, answers }) {
    if (!new ConditionsParser().parseExpression(expression)) return null;
    return Boolean(new ExpressionRunner(expression).runValues(answers));
  },
  // The names of the questions that are shown, when these answers are given one by one, as far as they are asked for.
  shown({ survey, answers }) {
    const model = new Model(survey);
    for (const [name, value] of answers) {
      const question = model.getQuestionByName(name);
      if (isShown(question)) model.setValue(name, value);
    }
    return model.getAllQuestions(true, false, true).filter(isShown).map((q) => q.name);
  },
};

require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try {
    const asked = JSON.parse(line);
    answer = { said: does[asked.do](asked) ?? null };
  } catch (error) {
    answer = { failed: String(error.stack) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
console.log = console.warn = console.error = () => {};
