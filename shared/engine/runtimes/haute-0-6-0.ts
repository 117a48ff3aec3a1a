/**
 * Everything that Haute 0.6.0 can need, resolved together for Linux and Python 3.11. A service gets the part it needs.
 * Written by `printf 'haute==0.6.0\nonnxruntime\nscikit-learn' | uv pip compile - --python-version 3.11
 * --python-platform x86_64-unknown-linux-gnu --no-header --annotation-style line`.
 */
export const HAUTE_0_6_0 = `
aiohappyeyeballs==2.7.1   # via aiohttp
aiohttp==3.14.5           # via mlflow
aiosignal==1.4.0          # via aiohttp
alembic==1.20.1           # via mlflow, optuna
annotated-doc==0.0.7      # via fastapi
annotated-types==0.8.0    # via pydantic
anthropic==0.125.0        # via haute
anyio==4.16.0             # via anthropic, httpx, mlflow-skinny, openai, starlette, watchfiles
attrs==26.1.0             # via aiohttp
blinker==1.9.0            # via flask
cachetools==7.3.2         # via mlflow-skinny, mlflow-tracing
catboost==1.2.10          # via haute
certifi==2026.10.18       # via httpcore, httpx, requests
cffi==2.1.1               # via cryptography
charset-normalizer==3.5.2  # via requests
click==8.5.1              # via flask, haute, mlflow-skinny, uvicorn
cloudpickle==3.1.2        # via joblib, mlflow-skinny
colorlog==6.12.0          # via optuna
contourpy==1.3.3          # via matplotlib
cryptography==50.0.2      # via google-auth, mlflow
cycler==0.12.1            # via matplotlib
databricks-sdk==0.156.0   # via mlflow-skinny, mlflow-tracing
distro==1.9.0             # via anthropic, openai
docker==7.2.0             # via mlflow
docstring-parser==0.18.0  # via anthropic
fastapi==0.139.2          # via haute, mlflow-skinny
flask==3.1.3              # via flask-cors, mlflow
flask-cors==6.0.5         # via mlflow
flatbuffers==25.12.19     # via onnxruntime
fonttools==4.68.0         # via matplotlib
frozenlist==1.8.0         # via aiohttp, aiosignal
gitdb==4.0.12             # via gitpython
gitpython==3.2.1          # via mlflow-skinny
google-auth==2.62.2       # via databricks-sdk
graphene==3.4.3           # via mlflow
graphql-core==3.2.14      # via graphene, graphql-relay
graphql-relay==3.2.0      # via graphene
graphviz==0.21            # via catboost
gunicorn==26.2.0          # via mlflow
h11==0.16.0               # via httpcore, uvicorn
haute==0.6.0
httpcore==1.0.9           # via httpx
httptools==0.9.0          # via uvicorn
httpx==0.28.1             # via anthropic, openai
huey==3.5.4               # via mlflow
idna==3.20                # via anyio, httpx, requests, yarl
importlib-metadata==9.1.0  # via mlflow-skinny
interpret-core==0.7.8     # via haute
itsdangerous==2.2.0       # via flask
jinja2==3.1.6             # via flask
jiter==0.19.0             # via anthropic, openai
joblib==1.6.0             # via haute, interpret-core, scikit-learn
kiwisolver==1.5.1         # via matplotlib
libcst==1.9.0             # via haute
lightgbm==4.7.0           # via haute
mako==1.4.3               # via alembic
markupsafe==3.0.4         # via flask, jinja2, mako, werkzeug
matplotlib==3.11.2        # via catboost, mlflow
mlflow==3.17.2            # via haute
mlflow-skinny==3.17.2     # via mlflow
mlflow-tracing==3.17.2    # via mlflow
msgspec==0.21.1           # via haute
multidict==7.2.1          # via aiohttp, yarl
narwhals==2.28.0          # via lightgbm, plotly, scikit-learn
numpy==2.3.5              # via catboost, contourpy, haute, interpret-core, lightgbm, matplotlib, mlflow, onnxruntime, optuna, pandas, rustystats, scikit-learn, scipy, skops, t-boost, xgboost-cpu
onnxruntime==1.31.1
openai==2.54.0            # via haute
opentelemetry-api==1.45.2  # via mlflow-skinny, mlflow-tracing, opentelemetry-sdk, opentelemetry-semantic-conventions
opentelemetry-proto==1.45.2  # via mlflow-skinny, mlflow-tracing
opentelemetry-sdk==1.45.2  # via mlflow-skinny, mlflow-tracing
opentelemetry-semantic-conventions==0.66b2  # via opentelemetry-sdk
optuna==4.9.0             # via haute
orjson==3.13.0            # via haute
packaging==25.0           # via haute, matplotlib, mlflow-skinny, mlflow-tracing, onnxruntime, optuna, plotly, skops
pandas==2.3.3             # via catboost, haute, interpret-core, mlflow
pillow==13.0.0            # via matplotlib
plotly==7.1.0             # via catboost
polars==1.44.2            # via haute, price-contour, rustystats, t-boost
polars-runtime-32==1.44.2  # via polars
prettytable==3.18.0       # via skops
price-contour==0.6.0      # via haute
propcache==0.5.4          # via aiohttp, yarl
protobuf==7.36.2          # via databricks-sdk, mlflow-skinny, mlflow-tracing, onnxruntime, opentelemetry-proto
psutil==7.2.2             # via haute
pyarrow==24.0.0           # via haute, mlflow, price-contour
pyasn1==0.6.5             # via pyasn1-modules
pyasn1-modules==0.4.2     # via google-auth
pycparser==3.12           # via cffi
pydantic==2.14.3          # via anthropic, fastapi, haute, mlflow-skinny, mlflow-tracing, openai
pydantic-core==2.50.4     # via pydantic
pyparsing==3.3.3          # via matplotlib
python-dateutil==2.9.0.post0  # via graphene, matplotlib, pandas
python-dotenv==1.2.4      # via haute, mlflow-skinny, uvicorn
python-multipart==0.0.34  # via haute
pytz==2026.6              # via pandas
pyyaml==6.0.3             # via libcst, mlflow-skinny, optuna, uvicorn
requests==2.34.2          # via databricks-sdk, docker, mlflow-skinny
rustystats==0.9.0         # via haute
scikit-learn==1.9.1       # via interpret-core, mlflow, skops
scipy==1.17.1             # via catboost, haute, lightgbm, mlflow, scikit-learn, skops, xgboost-cpu
six==1.17.0               # via catboost, python-dateutil
skops==0.16.0             # via mlflow
smmap==5.0.3              # via gitdb
sniffio==1.3.1            # via anthropic, openai
sqlalchemy==2.1.9         # via alembic, mlflow, optuna
sqlparse==0.6.1           # via mlflow-skinny
starlette==1.10.0         # via fastapi, mlflow-skinny
structlog==25.5.0         # via haute
t-boost==0.8.1            # via haute
threadpoolctl==3.8.0      # via scikit-learn, t-boost
tomlkit==0.15.2           # via haute
tqdm==4.70.1              # via openai, optuna
typing-extensions==4.16.0  # via aiohttp, aiosignal, alembic, anthropic, anyio, fastapi, graphene, mlflow-skinny, openai, opentelemetry-api, opentelemetry-sdk, opentelemetry-semantic-conventions, pydantic, pydantic-core, sqlalchemy, starlette, typing-inspection
typing-inspection==0.4.5  # via fastapi, pydantic
tzdata==2026.6            # via pandas
urllib3==2.8.0            # via databricks-sdk, docker, requests
uvicorn==0.40.0           # via haute, mlflow-skinny
uvloop==0.23.0            # via uvicorn
watchfiles==1.3.0         # via haute, uvicorn
wcwidth==0.9.4            # via prettytable
websockets==16.1.1        # via haute, uvicorn
werkzeug==3.1.9           # via flask, flask-cors
xgboost-cpu==3.2.0        # via haute
xxhash==3.8.2             # via haute
yarl==1.25.1              # via aiohttp
zipp==4.1.2               # via importlib-metadata
`;
