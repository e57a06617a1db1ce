select
    person_id,
    sex,
    date_of_birth,
    suburb,
    payer_class
from {{ source('hospital', 'people') }}
